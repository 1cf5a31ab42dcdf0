"""A writing program is killed at a random moment, or loses its power: nothing acknowledged is lost, or half done."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks import verified
from faulty import Fault
from ledger import Ledger
from moments import Moments
from writers import Client, ServerWriter, commands, serving

WRITERS = 4
SHARES = 2  # tests of one kind, so that two may run at a time


def personal(found):
    return {name: (secret["value"], secret["default_available"]) for (_, name), secret in found.items()}


def write_until_gone(vault, token, ledger, ids, choices, env=None, end=None):
    """Has clients write to a server until it is gone; `end` ends it."""
    with serving(vault, env) as (process, base):
        writers = [
            ServerWriter(Client(base, token), n, ids, ledger, random.Random(choices.random())) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        if end:
            end(process)
        status = process.wait(timeout=60)
        for writer in writers:
            writer.join(timeout=60)
        assert [writer.failure for writer in writers] == [None] * WRITERS
        return status


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("how", ["kill", "cut"])
def test_a_server_loses_nothing_that_it_acknowledged(vault, amount, choices, figures, how, share):
    token = vault.ok("token", "create", "--name", "torture").decode().strip()
    ledger, ids, rounds, done = Ledger(), {}, amount("kill") // (3 * SHARES), 0
    for _ in range(rounds):
        if how == "kill":
            def end(process):
                # Some writes later, whatever time these take.
                enough, deadline = ledger.acknowledged + choices.randint(2, 100), time.monotonic() + 60
                while ledger.acknowledged < enough and time.monotonic() < deadline:
                    time.sleep(0.0002)
                time.sleep(choices.uniform(0, 0.002))
                process.kill()
            status = write_until_gone(vault, token, ledger, ids, choices, end=end)
        else:
            # All that is not synced is taken back, or about half of it.
            seed = choices.choice([0, 1 + choices.getrandbits(30)])
            fault = Fault("cut", choices.randint(20, 600), vault.folder / "report", seed)
            status = write_until_gone(vault, token, ledger, ids, choices, env=fault.environment())
            assert fault.injected(), "the power was not cut"
        assert status == -9
        found = verified(vault)
        ids = {name: secret["id"] for (_, name), secret in found.items()}
        done += ledger.settle(personal(found))
    assert ledger.acknowledged > rounds, "hardly anything was written"
    figures(rounds=rounds, **{f"{how}s_of_a_server": rounds}, acknowledged_writes=ledger.acknowledged,
            writes_done_and_not_acknowledged=done)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_command_loses_nothing_that_it_acknowledged(vault, amount, choices, figures, share):
    ledgers, rounds, done = [Ledger(), Ledger()], amount("kill") // (3 * SHARES), 0
    moments = Moments(seconds=0.03)

    def write(number, seed):
        ledger, own = ledgers[number], random.Random(seed)
        arguments, text, changes = commands(vault, number, ledger, own)
        ledger.begin(changes)
        if moments.run(vault, arguments, own, text.encode()):
            ledger.end(changes)

    while not moments.are_enough(rounds):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, range(2), [choices.random(), choices.random()]))
        found = personal(verified(vault))
        for number, ledger in enumerate(ledgers):
            done += ledger.settle({n: state for n, state in found.items() if n.startswith(f"C{number}_")})
    figures(rounds=rounds, kills_of_commands=moments.killed, acknowledged_writes=moments.ended,
            writes_done_and_not_acknowledged=done)

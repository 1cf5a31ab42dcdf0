"""A writing program is killed at a random moment, or loses its power: nothing acknowledged is lost, or half done."""

import random
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks import verified
from end_to_end import PROGRAM
from faulty import Fault
from ledger import Ledger
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
                time.sleep(choices.uniform(0.002, 0.15))
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
    ledgers, rounds, kills, done = [Ledger(), Ledger()], amount("kill") // (3 * SHARES), [], 0
    usual = min(measured(vault, ["add", f"USUAL_{n}"], "value") for n in range(3))
    for n in range(3):
        vault.ok("delete", f"USUAL_{n}")

    def write(number, seed):
        ledger, own = ledgers[number], random.Random(seed)
        arguments, text, changes = commands(vault, number, ledger, own)
        process = subprocess.Popen(
            [PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, env=vault.environment())
        ledger.begin(changes)
        timer = threading.Timer(own.uniform(0.5, 2) * usual, process.kill)
        timer.start()
        try:
            _, complaint = process.communicate(text.encode(), timeout=60)
        finally:
            timer.cancel()
        if process.returncode == 0:
            ledger.end(changes)
        else:
            assert process.returncode == -9, complaint.decode()
            kills.append(number)

    for _ in range(rounds):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, range(2), [choices.random(), choices.random()]))
        found = personal(verified(vault))
        for number, ledger in enumerate(ledgers):
            done += ledger.settle({n: state for n, state in found.items() if n.startswith(f"C{number}_")})
    acknowledged = sum(ledger.acknowledged for ledger in ledgers)
    assert kills and acknowledged, "the moments were not well chosen"
    figures(rounds=rounds, kills_of_commands=len(kills), acknowledged_writes=acknowledged,
            writes_done_and_not_acknowledged=done)


def measured(vault, arguments, text):
    """How long a command takes, in seconds."""
    start = time.perf_counter()
    vault.ok(*arguments, input=text)
    return time.perf_counter() - start

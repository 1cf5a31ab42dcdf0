"""Eight processes and a server write at once: no update is lost, and nobody is told that the database is locked."""

import itertools
import json
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from checks import verified
from ledger import Ledger
from writers import Client, ServerWriter, commands, serving

# Each has one writer of its value and another one of its flag, so that either would lose the other's work.
SHARED = [f"SHARED_{n}" for n in range(4)]


def carry_out(vault, arguments, text=""):
    """A command that must succeed, and must not complain of a lock on the way."""
    done = vault.run(*arguments, input=text)
    assert done.returncode == 0, f"{arguments[0]}: {done.stderr.decode()}"
    assert b"lock" not in done.stderr and b"busy" not in done.stderr


def rotate(vault, name, until, _):
    for n in itertools.count(1):
        carry_out(vault, ["rotate", name], f"value {n}")
        if time.monotonic() > until:
            return n, {"value": f"value {n}"}


def toggle(vault, name, until, _):
    for n in itertools.count(1):
        carry_out(vault, ["update", name, "--default-available", str(n % 2 == 1).lower()])
        if time.monotonic() > until:
            return n, {"default_available": n % 2 == 1}


def toggle_by_server(vault, name, until, client):
    id = json.loads(vault.ok("show", name, "--json"))["id"]
    for n in itertools.count(1):
        status, answer = client.ask("PATCH", f"/{id}", {"default_available": n % 2 == 1})
        assert status == 200, answer
        if time.monotonic() > until:
            return n, {"default_available": n % 2 == 1}


def change_own(vault, number, until, ledger, choices):
    """All kinds of commands, on secrets that nobody else writes."""
    while time.monotonic() < until:
        arguments, text, changes = commands(vault, number, ledger, choices)
        ledger.begin(changes)
        carry_out(vault, arguments, text)
        ledger.end(changes)


class PatientWriter(ServerWriter):
    """Stops at a given time, and expects the server to be there until then."""

    def run(self, until):
        while time.monotonic() < until:
            self.write(self.choices.choice(self.names))


def test_no_update_is_lost_and_nobody_meets_a_lock(vault, amount, choices, figures):
    token = vault.ok("token", "create", "--name", "torture").decode().strip()
    for name in SHARED:
        vault.ok("add", name, input="value 0")
    ledgers = {"C6_": Ledger(), "C7_": Ledger(), "W": Ledger()}
    with serving(vault) as (server, base):
        until = time.monotonic() + amount("writers")
        clients = [Client(base, token) for _ in range(4)]
        own = [PatientWriter(clients[n], n, {}, ledgers["W"], random.Random(choices.random())) for n in (0, 1)]
        with ThreadPoolExecutor(12) as pool:
            shared = [(name, pool.submit(rotate, vault, name, until, None)) for name in SHARED]
            shared += [(name, pool.submit(toggle, vault, name, until, None)) for name in SHARED[:2]]
            shared += [(name, pool.submit(toggle_by_server, vault, name, until, clients[n]))
                       for n, name in enumerate(SHARED[2:], 2)]
            others = [pool.submit(change_own, vault, n, until, ledgers[f"C{n}_"], random.Random(choices.random()))
                      for n in (6, 7)]
            others += [pool.submit(writer.run, until) for writer in own]
            written = {name: [(n, what) for other, done in shared if other == name for n, what in [done.result()]]
                       for name in SHARED}
            for other in others:
                other.result()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
    assert b"locked" not in (vault.folder / "server.log").read_bytes()

    found = {name: secret for (_, name), secret in verified(vault).items()}
    for name, changes in written.items():
        assert len(changes) == 2
        # Every write raises the revision by one, so a single lost one would show.
        assert found[name]["revision"] == 1 + sum(n for n, _ in changes), f"{name}: an update is lost"
        for _, what in changes:
            assert found[name] | what == found[name], f"{name}: not as the last update left it"
    for prefix, ledger in ledgers.items():
        ledger.settle({n: (s["value"], s["default_available"]) for n, s in found.items() if n.startswith(prefix)})
    counts = [n for changes in written.values() for n, _ in changes]
    counts += [ledger.acknowledged for ledger in ledgers.values()]
    assert all(counts), "somebody wrote nothing"
    figures(seconds=amount("writers"), acknowledged_writes=sum(counts))

"""A write or a sync fails under a server: it says so, loses nothing that it acknowledged, and goes on reading."""

import json
import signal
import time

import pytest

from checks import verified
from faulty import Fault
from writers import Client, serving


@pytest.mark.parametrize("kind", ["error", "short", "sync", "full"])
def test_a_server_says_what_it_could_not_write_and_goes_on(vault, amount, choices, figures, kind):
    token = vault.ok("token", "create", "--name", "torture").decode().strip()
    # A token's first use is noted beside the requests, once an hour, and would be what the fault befalls.
    with serving(vault) as (process, base):
        assert Client(base, token).ask("GET")[0] == 200
        deadline = time.monotonic() + 60
        while not json.loads(vault.ok("token", "list", "--json"))["tokens"][0]["last_used_at"]:
            assert time.monotonic() < deadline, "its use was not noted"
    acknowledged, rounds = set(), max(1, amount("faults") // 25)
    for number in range(rounds):
        # Late enough for the server to have started: it syncs once for a write, and writes much more often.
        at = choices.randint(2, 10) if kind == "sync" else choices.randint(30, 120)
        fault = Fault(kind, at, vault.folder / "report")
        with serving(vault, fault.environment()) as (process, base):
            client = Client(base, token)

            def create(name):
                status, answer = client.ask("POST", "", {"name": name, "value": "value of " + name})
                assert status == 201 or (status, answer["type"]) == (503, "urn:coffer:problem:storage"), answer
                acknowledged.update([name] if status == 201 else [])
                return status == 201

            def check_reading():
                status, answer = client.ask("GET")
                assert status == 200 and {secret["name"] for secret in answer["secrets"]} == acknowledged

            written = 0
            while written < 200 and create(f"S{number}_{written}"):
                written += 1
            assert fault.injected(), "nothing has failed"
            assert written < 200, "what failed was acknowledged"
            check_reading()
            # A disk that is full stays so; anything else befell one write.
            assert create(f"AFTER_{number}") == (kind != "full")
            check_reading()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        assert {name for _, name in verified(vault)} == acknowledged
    figures(faults_injected=rounds, faults_under_a_server=rounds)

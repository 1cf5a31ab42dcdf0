"""`coffer audit --follow`: events as other processes write them, until nobody wants more."""

import contextlib
import json
import select
import signal
import subprocess
import time

from conftest import PROGRAM
from tampering import change
from test_cli_refusals import MESSAGE

DAMAGED = 76


@contextlib.contextmanager
def following(vault, *arguments):
    process = subprocess.Popen(
        [PROGRAM, "audit", "--follow", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True, env=vault.environment(), bufsize=0)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process, seconds=30):
    """The next line, as soon as it is there."""
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    assert ready, "no line came"
    return process.stdout.readline().decode().rstrip("\n")


def what(process):
    return line(process).split("\t")[3:]


def test_what_is_there_comes_first_and_new_events_as_they_are_written(vault):
    vault.ok("add", "A", input="value")
    with following(vault) as process:
        assert [what(process), what(process)] == [["vault created", ""], ["created", "A"]]
        for name in "BC":
            vault.ok("add", name, input="value")
            assert what(process) == ["created", name]
        vault.ok("audit", "prune", "--keep", "1")
        assert what(process) == ["3 events removed", ""]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stdout.read() == process.stderr.read() == b""


def test_filters_hold_for_new_events_too_and_json_is_an_object_a_line(vault):
    with following(vault, "--json", "--secret", "B") as process:
        for name in "AB":
            vault.ok("add", name, input="value")
        vault.ok("reveal", "B")
        assert json.loads(line(process))["kind"] == "created"
        event = json.loads(line(process))
        assert (event["kind"], event["subjects"][0]["name"]) == ("revealed", "B")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_it_ends_when_its_reader_has_gone(vault):
    with following(vault) as process:
        line(process)
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""
        process.stdout = None


def test_a_log_that_is_changed_meanwhile_is_told(vault):
    vault.ok("add", "A", input="value")
    with following(vault) as process:
        line(process), line(process)
        change(vault.path, "INSERT INTO events SELECT 9, sealed_event FROM events WHERE sequence = 1")
        assert process.wait(60) == DAMAGED
        assert MESSAGE.fullmatch(process.stderr.read().decode())
        assert process.stdout.read() == b""


def test_waiting_costs_next_to_nothing(vault):
    def spent(process):
        fields = open(f"/proc/{process.pid}/stat").read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    with following(vault) as process:
        line(process)
        time.sleep(0.5)
        before = spent(process)
        time.sleep(2)
        # In hundredths of a second, and less than it took to start.
        assert spent(process) - before < max(20, before)

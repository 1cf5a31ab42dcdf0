"""`coffer kdf tune`: what it measures and proposes. No test depends on how fast a machine is."""

import json
import re
import resource
import subprocess

import pexpect
import pytest

from conftest import PROGRAM

MIB = 1 << 20
COMMAND = re.compile(r"coffer passphrase change --kdf-memory (\d+) --kdf-passes (\d+)")


def tune(empty, *arguments):
    return json.loads(empty.ok("kdf", "tune", "--json", *arguments))


def test_a_proposal_is_one_of_what_was_measured_and_lies_within_the_bounds(empty):
    report = tune(empty, "--for", "200ms")
    assert report["target_ms"] == 200
    assert report["proposed"] in report["measured"]
    memories = [trial["memory_bytes"] for trial in report["measured"]]
    assert memories == sorted(memories) and memories[0] == 19 * MIB
    for trial in report["measured"]:
        assert 19 * MIB <= trial["memory_bytes"] <= max(report["memory_limit_bytes"], 19 * MIB) and trial["memory_bytes"] <= 2 << 30
        assert 2 <= trial["passes"] <= 16
    memory, passes = COMMAND.fullmatch(report["command"]).groups()
    proposed = report["proposed"]
    assert (int(memory) * MIB, int(passes)) == (proposed["memory_bytes"], proposed["passes"])


def test_what_is_proposed_makes_a_vault(empty):
    """The options of the command are those of `init`, too."""
    memory, passes = COMMAND.fullmatch(tune(empty, "--for", "100ms")["command"]).groups()
    empty.ok("init", "--kdf-memory", memory, "--kdf-passes", passes)
    slot, = json.loads(empty.ok("status", "--json"))["slots"]
    assert (slot["memory_bytes"], slot["passes"]) == (int(memory) * MIB, int(passes))


def test_it_needs_neither_vault_nor_passphrase_and_leaves_nothing(empty):
    empty.passphrase_file.unlink()
    done = empty.run("kdf", "tune", "--for", "100ms", env={"COFFER_PASSPHRASE_FILE": None})
    assert done.returncode == 0
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [row[3] for row in rows].count("yes") == 1 and rows[0][:2] == ["19 MiB", "2"]
    proposed, = [row for row in rows if row[3] == "yes"]
    said = done.stderr.decode().splitlines()[-1]
    memory, passes = COMMAND.fullmatch(said.removeprefix("coffer: next: ")).groups()
    assert [f"{memory} MiB", passes] == proposed[:2]
    # What a new vault has is told from less.
    is_weak = int(memory) * int(passes) < 256 * 3
    assert ("coffer: note: a guess at the passphrase costs less so than by default: --for gives it more time"
            in done.stderr.decode().splitlines()) == is_weak
    assert list(empty.folder.iterdir()) == []


def test_on_a_terminal_it_is_a_table_with_a_heading(empty):
    child = pexpect.spawn(str(PROGRAM), ["kdf", "tune", "--for", "100ms"], env=empty.environment(), encoding="utf-8",
                          dimensions=(24, 120), timeout=60)
    heading, first, *_ = child.read().splitlines()
    child.close()
    assert child.exitstatus == 0
    assert heading.split() == ["MEMORY", "PASSES", "TIME", "PROPOSED"] and first.startswith("19 MiB")


def test_memory_that_cannot_be_had_is_not_proposed(empty):
    """As where the memory of a shell is limited."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (400 * MIB, 400 * MIB))

    done = subprocess.run([PROGRAM, "kdf", "tune", "--for", "1s", "--json"], preexec_fn=limit, capture_output=True,
                          stdin=subprocess.DEVNULL, env=empty.environment(), timeout=300)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert max(trial["memory_bytes"] for trial in report["measured"]) < 400 * MIB


@pytest.mark.parametrize("arguments", [
    ["--for", "99ms"], ["--for", "11s"], ["--for", "1"], ["--for", "fast"], ["--for", ""], ["--for", "-1s"], ["extra"],
    ["--kdf-memory", "19"],
])
def test_a_wrong_command_line_is_refused(empty, arguments):
    done = empty.run("kdf", "tune", *arguments)
    assert (done.returncode, done.stdout) == (64, b"")
    assert re.fullmatch(rb"coffer: error: [^\n]+\ncoffer: hint: [^\n]+\n", done.stderr)

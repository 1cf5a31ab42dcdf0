"""One bit is flipped, at some bytes of a vault (at all: FlipTests): no read gives anything wrong, `verify` tells what matters."""

import json

import pytest

from checks import DAMAGED, INPUT_OUTPUT
from snapshots import Snapshot, rows

SHARES = 2
# Another kind of file, no such project, cannot be read, damaged, the passphrase opens nothing.
REFUSALS = {65, 66, INPUT_OUTPUT, DAMAGED, 77}
VALUES = ["export", "--all", "--project", "web", "--format", "json"]
METADATA = [["list", "--json"], ["list", "--project", "web", "--json"]]


@pytest.fixture
def fifty(vault):
    """A vault of fifty secrets of many sizes, a fifth of them in a project, with two tokens."""
    vault.ok("project", "create", "web")
    for project, first in (([], 0), (["--project", "web"], 40)):
        numbers = range(first, 50 if project else 40)
        secrets = {f"SECRET_{n}": f"value of {n} " + "x" * (n * n % 400) for n in numbers}
        vault.ok("import", "-", "--format", "json", *project, input=json.dumps(secrets))
    vault.ok("update", "SECRET_7", "--default-available", "true")
    vault.ok("token", "create", "--name", "one")
    vault.ok("token", "create", "--name", "two", "--api-key", "--project", "web")
    assert not vault.path.with_name(vault.path.name + "-wal").exists()
    return vault


def read(vault, arguments):
    """What a command reads, by name, or None where it refuses to."""
    done = vault.run(*arguments)
    if done.returncode != 0:
        assert done.returncode in REFUSALS, f"{arguments[0]}: {done.returncode} {done.stderr.decode()}"
        assert done.stdout == b"" and b"coffer: error: " in done.stderr
        return None
    answer = json.loads(done.stdout)
    return answer if arguments == VALUES else {secret["name"]: secret for secret in answer["secrets"]}


@pytest.mark.parametrize("share", range(SHARES))
def test_a_flipped_bit_is_never_read_as_something_else(fifty, amount, choices, figures, share):
    whole = Snapshot(fifty)
    good = fifty.path.read_bytes()
    sound, reads = rows(good), [VALUES, *METADATA]
    truth = {tuple(arguments): read(fifty, arguments) for arguments in reads}
    assert [len(found) for found in truth.values()] == [50, 40, 10]

    places = range(share, len(good), SHARES)
    most = amount("flips") // SHARES
    if most < len(places):
        places = sorted(choices.sample(places, most))
    refused = missed = matter = reported = 0
    for at in places:
        bad = bytearray(good)
        bad[at] ^= 1 << choices.randrange(8)
        found_rows = rows(bytes(bad))
        matters = found_rows != sound
        affected = False
        for arguments in reads_of(found_rows, sound) or reads:
            whole.restore((fifty.path, bytes(bad)))
            found, true = read(fifty, arguments), truth[tuple(arguments)]
            if found is None:
                refused += 1
                affected = True
                continue
            wrong = [name for name, what in found.items() if true.get(name) != what]
            assert not wrong, f"byte {at}, {arguments[0]}: {wrong} read as something else"
            missed += len(true) - len(found)
            affected |= len(true) != len(found)
        matter += matters
        whole.restore((fifty.path, bytes(bad)))
        done = fifty.run("verify")
        assert done.returncode in REFUSALS | {0}
        reported += done.returncode != 0
        assert done.returncode != 0 or not (matters or affected), f"byte {at}: verify calls it sound"
    whole.restore()
    assert {tuple(arguments): read(fifty, arguments) for arguments in reads} == truth, "the control is not sound"
    fifty.ok("verify")
    assert matter and refused, "nothing was hit"
    figures(bits_flipped=len(places), flips_in_rows_that_matter=matter, reads_refused=refused, rows_not_listed=missed,
            flips_that_verify_reports=reported)


def reads_of(found, sound):
    """The reads that a flip within a row's sealed value can affect: that of values, and no other."""
    if found is None or found.keys() != sound.keys():
        return None
    changed = [(table, old, new) for table in sound for old, new in zip(sound[table], found[table]) if old != new]
    same_length = all(len(found[table]) == len(sound[table]) for table in sound)
    if same_length and [table for table, _, _ in changed] == [b"secrets"] and changed[0][1][:-1] == changed[0][2][:-1]:
        return [VALUES]
    return None

"""Each vector of Tests/Vectors, one failure each: what the program reports of it, and what the second reader does.

`vectors.json` says what to expect; `scripts/make-vectors` says what its keys mean.
"""

import json
import shutil

import pytest

from conftest import REPOSITORY, Vault
from second_reader import Reader, VaultError
from second_reader_integrity import next_event

VECTORS = REPOSITORY / "Tests" / "Vectors"
INDEX = json.loads((VECTORS / "vectors.json").read_text())
OPENING = [vector for vector in INDEX["vectors"] if vector["reads"]["open"] == 0]
each_vector = pytest.mark.parametrize("vector", INDEX["vectors"], ids=lambda vector: vector["name"])
each_vector_that_opens = pytest.mark.parametrize("vector", OPENING, ids=lambda vector: vector["name"])


def placed(vector, folder):
    """The vector as a vault of its own, with the modes the program gives one."""
    vault = Vault(folder)
    vault.write_passphrase(vector["passphrase"])
    vault.path.parent.mkdir(mode=0o700)
    shutil.copyfile(VECTORS / vector["file"], vault.path)
    vault.path.chmod(0o600)
    return vault


def values(vector):
    """What the secrets of the vector must be, where they can be read."""
    return INDEX["secrets"] | vector.get("values", {})


def commands(vector):
    """Every command that the index speaks of, with its exit status and, for a reveal that succeeds, its output.

    Of a vault that does not open, two are enough.
    """
    reads = vector["reads"]
    yield ["list"], reads["list"], None
    if reads["open"] != 0:
        yield ["reveal", "FIRST_KEY"], reads["open"], None
        return
    yield ["list", "--project", INDEX["project"]], reads["list_project"], None
    yield ["token", "list"], reads["list_tokens"], None
    for name, status in reads["reveal"].items():
        yield ["reveal", name], status, values(vector)[name].encode()


def content(vault, opens):
    """What must be left as it was: the rows, or the very bytes of a file that was never opened."""
    return vault.rows() if opens else {"file": vault.path.read_bytes()}


def assert_refused(done, status, command):
    """The exit status says what is wrong, the message how to go on, and nothing is revealed by either."""
    assert (done.returncode, done.stdout) == (status, b""), (command, done.stderr.decode())
    message = done.stderr.decode()
    assert message.startswith("coffer: error: "), command
    assert any(line.startswith("coffer: hint: ") for line in message.splitlines()), command
    assert not [value for value in INDEX["secrets"].values() if value in message], command


@each_vector
def test_the_program_reports(vector, tmp_path):
    """Nothing is changed by it, but that what was revealed stands in the log, and so in the state."""
    vault, opens = placed(vector, tmp_path), vector["reads"]["open"] == 0
    for command, status, output in commands(vector):
        before = content(vault, opens)
        done = vault.run(*command)
        if status == 0:
            assert (done.returncode, done.stderr) == (0, b""), (command, done.stderr.decode())
            assert output in (None, done.stdout)
        else:
            assert_refused(done, status, command)
        after = content(vault, opens)
        changed = {table for table in before if before[table] != after[table]}
        assert changed == ({"events", "state"} if status == 0 and command[0] == "reveal" else set()), command


def status_of(act):
    """What an act of the second reader comes to, in the exit statuses of the index."""
    try:
        return 0 if act() is not None else 66
    except VaultError as error:
        return error.status


@each_vector
def test_the_second_reader_reports_the_same(vector, tmp_path):
    """So an expectation that only the program could meet is found out."""
    vault, expected = placed(vector, tmp_path), vector["reads"]
    if expected["open"] != 0:
        assert status_of(lambda: Reader(vault.path, vector["passphrase"].encode())) == expected["open"]
        assert vector["verify"] == {"status": expected["open"], "fails": [], "says": []}
        return
    with Reader(vault.path, vector["passphrase"].encode()) as reader:
        def list_project():
            found = {project.name: project for project in reader.projects()}
            return reader.secrets(found[INDEX["project"]])

        def reveal(name):
            personal = reader.personal()
            secret = reader.find(personal, name)
            value = secret and reader.reveal(personal, secret)
            assert value in (None, values(vector)[name])
            return value and next_event(reader) and value

        assert {
            "open": 0,
            "list": status_of(lambda: reader.secrets(reader.personal())),
            "list_project": status_of(list_project),
            "list_tokens": status_of(reader.tokens),
            "reveal": {name: status_of(lambda: reveal(name)) for name in expected["reveal"]},
        } == expected


@each_vector_that_opens
def test_the_second_reader_finds_what_does_not_hold(vector, tmp_path):
    """Which of the page's checks fail, and that a vault of which none does is a good one."""
    with Reader(placed(vector, tmp_path).path, vector["passphrase"].encode()) as reader:
        fails = {finding.check for finding in reader.verify()}
    assert sorted(fails) == vector["verify"]["fails"]
    assert vector["verify"]["status"] == (76 if fails else 0)


@each_vector
def test_the_program_names_the_damage(vector, tmp_path):
    """All of it and nothing else, a line each, and leaves a damaged vault as it is."""
    vault, expected = placed(vector, tmp_path), vector["verify"]
    opens = vector["reads"]["open"] == 0
    before = content(vault, opens)
    done = vault.run("verify")
    said = done.stdout.decode().splitlines()
    assert done.returncode == expected["status"], done.stderr.decode()
    if expected["status"] == 0:
        assert [line.split(":")[0] for line in said] == ["verified"]
    else:
        assert sorted(said) == expected["says"]
    assert content(vault, opens) == before


def test_every_file_is_in_the_index():
    """A vector that nothing reads would be a promise that nothing keeps."""
    assert {p.name for p in VECTORS.glob("*.coffer")} == {v["file"] for v in INDEX["vectors"]}
    assert not [p.name for p in VECTORS.iterdir() if p.name.endswith(("-wal", "-shm"))]

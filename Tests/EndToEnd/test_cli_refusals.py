"""What the command line refuses: each with its exit status and two lines on standard error, the vault as it was.

The canary is typed or piped wherever a value, a passphrase or another argument can be; no message has it.
"""

import os
import re
import socket
import subprocess

import pytest

from conftest import LOWEST_KDF, PASSPHRASE, PROGRAM, Vault

CANARY = "CANARY_5E7A91"
NO_ID = "550e8400-e29b-41d4-a716-446655440000"
USAGE, BAD_INPUT, NOT_FOUND, LOCKED, EXISTS, INPUT_OUTPUT, WRONG_PASSPHRASE = 64, 65, 66, 69, 73, 74, 77
RUN_FAILED = 125
MESSAGE = re.compile(r"coffer: error: (?![A-Z][a-z])[^\n]*[^.\n]\ncoffer: hint: [^\n]*[^.\n]\n")
NOBODY = {"COFFER_PASSPHRASE_FILE": None}


def check_refusal(done, status):
    """Everything a refusal promises about what it prints."""
    said = done.stderr.decode()
    assert done.returncode == status, said
    assert MESSAGE.fullmatch(said), said
    assert not done.stdout
    assert CANARY.lower() not in said.lower()
    return said


@pytest.fixture(scope="module")
def shared_vault(tmp_path_factory):
    """A vault with a secret, a project with another, and a token, that no test here changes."""
    vault = Vault(tmp_path_factory.mktemp("shared")).init()
    vault.ok("add", "NAME", input="value")
    vault.ok("project", "create", "web")
    vault.ok("add", "SHARED", "--project", "web", input="value")
    vault.ok("token", "create", "--name", "ci")
    return vault


@pytest.fixture
def refused(shared_vault):
    """Runs what must be refused, and gives what it said once that and the vault have been looked at."""

    def run(status, *arguments, **more):
        before = shared_vault.rows()
        said = check_refusal(shared_vault.run(*arguments, **more), status)
        assert shared_vault.rows() == before
        return said

    return run


# Names and values

BAD_NAMES = {
    "empty": "",
    "line break at the end": CANARY + "\n",
    "lower case": CANARY.lower(),
    "one lower-case letter": CANARY + "x",
    "129 characters": (CANARY * 10)[:129],
    "digit first": "1" + CANARY,
    "underscore first": "_" + CANARY,
    "hyphen": CANARY + "-A",
    "Arabic digits": CANARY + "١٢٣",
    "letter with accent": CANARY + "É",
    "not UTF-8": os.fsdecode(CANARY.encode() + b"\xff"),
}

BAD_VALUES = {
    "empty": b"",
    "10,001 letters": (CANARY + "x" * 10_001)[:10_001].encode(),
    "10,001 characters of 4 bytes": "𝄞".encode() * 10_001,
    "10,001 code points of one character": ("e" + "\u0301" * 10_000).encode(),
    "a megabyte": CANARY.encode() * 80_000,
    "NUL": CANARY.encode() + b"\0" + CANARY.encode(),
    "NUL at the end": CANARY.encode() + b"\0",
    "not UTF-8": CANARY.encode() + b"\xff",
    "UTF-8 cut short": CANARY.encode() + "𝄞".encode()[:3],
    "a surrogate": CANARY.encode() + "\ud83d".encode("utf-8", "surrogatepass"),
    "overlong UTF-8": CANARY.encode() + b"\xc0\xaf",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_bad_name_is_refused(refused, name):
    assert "name must" in refused(BAD_INPUT, "add", name, input="value")
    assert "name must" in refused(BAD_INPUT, "update", "NAME", "--rename", name)


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_bad_value_is_refused(refused, folder, value):
    file = folder / "value"
    file.write_bytes(value)
    assert "value must" in refused(BAD_INPUT, "add", "NEW", input=value)
    assert "value must" in refused(BAD_INPUT, "rotate", "NAME", "--from-file", file)


@pytest.mark.parametrize("file", ["missing", "."], ids=["no such file", "a directory"])
def test_a_value_that_cannot_be_read_is_refused(refused, folder, file):
    refused(INPUT_OUTPUT, "add", "NEW", "--from-file", folder / file, input=CANARY)
    refused(INPUT_OUTPUT, "rotate", "NAME", "--from-file", folder / file, input=CANARY)


def test_the_longest_name_and_values_are_accepted(vault):
    name = "N" * 128
    for value in ("𝄞" * 10_000, "e\u0301" * 5_000, "e" + "\u0301" * 9_999):
        vault.ok("add", name, input=value)
        assert vault.ok("reveal", name) == value.encode()
        vault.ok("delete", name)


@pytest.mark.parametrize("name", ["", "x" * 129], ids=["empty", "129 characters"])
def test_a_bad_project_or_token_name_is_refused(refused, name):
    assert "name must" in refused(BAD_INPUT, "project", "create", name)
    assert "name must" in refused(BAD_INPUT, "token", "create", "--name", name)


# The command line

USES = {
    "a value as an argument": ["add", "NEW", CANARY],
    "a value with an apostrophe as an argument": ["add", "NEW", f"it's {CANARY}"],
    "a value with a hyphen first as an argument": ["add", "NEW", f"-{CANARY}"],
    "a PEM key as an argument": ["add", "NEW", f"-----BEGIN {CANARY}-----\n{CANARY}\n"],
    "a new value as an argument": ["rotate", "NAME", CANARY],
    "a value as an option": ["add", "NEW", f"--value={CANARY}"],
    "a passphrase as an option": ["list", f"--passphrase={CANARY}"],
    "a passphrase behind an option": ["list", "--passphrase", CANARY],
    "an unknown option": ["list", f"--{CANARY}"],
    "an unknown short option": ["list", f"-{CANARY}"],
    "an unknown argument": ["list", CANARY],
    "an unknown argument with an apostrophe": ["list", f"it's {CANARY}"],
    "several unknown arguments": ["list", CANARY, f"'{CANARY}'", f"{CANARY}'"],
    "a value for a flag": ["list", f"--json={CANARY}"],
    "an unknown command": [CANARY],
    "an unknown command with arguments": [CANARY, CANARY],
    "an unknown command of a group": ["project", CANARY],
    "no name": ["add"],
    "no name to show": ["show"],
    "no name of a token": ["token", "create"],
    "nothing to update": ["update", "NAME"],
    "neither true nor false": ["update", "NAME", "--default-available", CANARY],
    "a file that is not named": ["add", "NEW", "--from-file"],
    "an empty path": ["list", "--vault", ""],
    "two passphrases": ["list", "--passphrase-file", "f", "--passphrase-fd", "0"],
    "a descriptor that is no number": ["list", "--passphrase-fd", CANARY],
    "a negative descriptor": ["list", "--passphrase-fd=-1"],
    "an unknown format": ["export", "--format", CANARY],
    "an unknown format to read": ["import", "-", "--format", CANARY],
    "an unknown policy": ["import", "-", "--on-conflict", CANARY],
    "no file to import": ["import"],
    "a rehearsal in JSON": ["import", "-", "--dry-run", "--json"],
    "two files to import": ["import", "-", CANARY],
    "a template as an argument": ["inject", f"{{{{$NAME}}}} {CANARY}"],
    "a template that is not named": ["inject", "-i"],
    "a host that is not loopback": ["serve", "--host", "0.0.0.0"],
    "a foreign host": ["serve", "--host", CANARY],
    "a port above 65535": ["serve", "--port", "70000"],
    "a port that is no number": ["serve", "--port", CANARY],
    "a socket's path of 108 bytes": ["serve", "--socket", "s" * 108],
    "a lifetime in words": ["token", "create", "--name", "new", "--expires", f"it's {CANARY}"],
    "a lifetime without a unit": ["token", "create", "--name", "new", "--expires", "30"],
    "a lifetime of nothing": ["token", "create", "--name", "new", "--expires", "0d"],
    "a negative lifetime": ["token", "create", "--name", "new", "--expires=-1d"],
    "a lifetime above ten years": ["token", "create", "--name", "new", "--expires", "3651d"],
    "an endless lifetime": ["token", "create", "--name", "new", "--expires", "9223372036854775807d"],
}


@pytest.mark.parametrize("arguments", USES.values(), ids=USES)
def test_a_wrong_command_line_is_refused(refused, arguments):
    refused(USAGE, *arguments, input=CANARY)


@pytest.mark.parametrize("command", ["add NEW", "import -", "inject"])
def test_standard_input_is_not_both_passphrase_and_value(refused, command):
    refused(USAGE, *command.split(), "--passphrase-fd", "0", input=PASSPHRASE)


# What is not there, and what is there already

SECRETS = [["show"], ["reveal"], ["delete"], ["update", "--rename=NEW"], ["rotate"]]


@pytest.mark.parametrize("command", SECRETS, ids=[command[0] for command in SECRETS])
@pytest.mark.parametrize("reference", ["NO_SUCH", "SHARED", CANARY.lower(), NO_ID, ""])
def test_a_secret_that_does_not_exist_is_not_found(refused, command, reference):
    refused(NOT_FOUND, *command, reference, input="value")


@pytest.mark.parametrize("reference", [CANARY, NO_ID], ids=["name", "id"])
def test_a_project_or_token_that_does_not_exist_is_not_found(refused, reference):
    for command in (
        ["list"], ["show", "NAME"], ["add", "NEW"], ["export"], ["import", "-"], ["inject"],
        ["token", "create", "--name", "new"],
    ):
        refused(NOT_FOUND, *command, "--project", reference, input="NEW=value")
    refused(RUN_FAILED, "run", "--project", reference, "--", "true")
    refused(NOT_FOUND, "project", "delete", reference)
    refused(NOT_FOUND, "token", "revoke", reference)


def test_no_name_is_given_twice(refused, vault):
    refused(EXISTS, "add", "NAME", input=CANARY)
    refused(EXISTS, "add", "SHARED", "--project", "web", input=CANARY)
    refused(EXISTS, "import", "-", input=f"NEW={CANARY}\nNAME={CANARY}\n")
    refused(EXISTS, "project", "create", "web")
    refused(EXISTS, "token", "create", "--name", "ci")
    vault.ok("add", "ONE", input="1"), vault.ok("add", "TWO", input="2")
    before = vault.rows()
    check_refusal(vault.run("update", "ONE", "--rename", "TWO", "--default-available", "true"), EXISTS)
    assert vault.rows() == before


def test_a_project_with_secrets_is_not_deleted(refused):
    refused(BAD_INPUT, "project", "delete", "web")


# Passphrases

UNUSABLE = {
    "nobody to ask": (LOCKED, {}),
    "empty file": (BAD_INPUT, {"COFFER_PASSPHRASE_FILE": "/dev/null"}),
    "endless file": (BAD_INPUT, {"COFFER_PASSPHRASE_FILE": "/dev/zero"}),
    "no such file": (INPUT_OUTPUT, {"COFFER_PASSPHRASE_FILE": f"/nowhere/{CANARY}"}),
    "a directory": (INPUT_OUTPUT, {"COFFER_PASSPHRASE_FILE": "/"}),
    "a silent command": (BAD_INPUT, {"COFFER_PASSPHRASE_COMMAND": "true"}),
    "an empty first line": (BAD_INPUT, {"COFFER_PASSPHRASE_COMMAND": f"printf '\\n{CANARY}\\n'"}),
    "a failing command": (INPUT_OUTPUT, {"COFFER_PASSPHRASE_COMMAND": f"echo {CANARY}; exit 3"}),
    "a killed command": (INPUT_OUTPUT, {"COFFER_PASSPHRASE_COMMAND": f"echo {CANARY}; kill $$"}),
    "a talkative command": (INPUT_OUTPUT, {"COFFER_PASSPHRASE_COMMAND": "head -c 100000 /dev/zero 2>/dev/null"}),
}


@pytest.mark.parametrize("status, environment", UNUSABLE.values(), ids=UNUSABLE)
def test_without_a_usable_passphrase_nothing_is_done(refused, empty, status, environment):
    refused(status, "add", "NEW", input="value", env=NOBODY | environment)
    refused(RUN_FAILED, "run", "--", "true", env=NOBODY | environment)
    check_refusal(empty.run("init", *LOWEST_KDF, env=NOBODY | environment), status)
    assert os.listdir(empty.folder) == ["passphrase"]


def test_a_descriptor_that_is_not_open_is_refused(refused):
    for descriptor in (*range(3, 12), 99_999):
        refused(USAGE, "list", "--passphrase-fd", descriptor)


@pytest.mark.parametrize("passphrase, status", [(CANARY, WRONG_PASSPHRASE), ("x" * 4097, BAD_INPUT)])
def test_a_wrong_or_over_long_passphrase_is_refused(refused, folder, passphrase, status):
    file = folder / "passphrase"
    file.write_text(passphrase)
    file.chmod(0o600)
    for command in (
        ["list"], ["add", "NEW"], ["reveal", "NAME"], ["export"], ["import", "-"], ["inject"], ["serve", "--port", "0"],
    ):
        refused(status, *command, "--passphrase-file", file, input=f"NEW={CANARY}")
    refused(RUN_FAILED, "run", "--passphrase-file", file, "--", "echo", CANARY)


# Creating a vault

COSTS = [("memory", cost) for cost in ("18", "2049", "0", "-1", str(2**63 - 1))] + [
    ("passes", cost) for cost in ("1", "17", "0", "-1", str(2**63 - 1))]


@pytest.mark.parametrize("what, cost", COSTS)
def test_a_cost_out_of_bounds_is_refused(empty, what, cost):
    check_refusal(empty.run("init", f"--kdf-{what}={cost}"), BAD_INPUT)
    assert not empty.path.parent.exists()


def test_without_a_home_there_is_no_place_for_a_vault(empty):
    homeless = {"COFFER_VAULT": None, "HOME": None}
    check_refusal(empty.run("init", *LOWEST_KDF, env=homeless), BAD_INPUT)
    check_refusal(empty.run("list", env=homeless), BAD_INPUT)


@pytest.mark.parametrize("what", ["vault", "file", "directory", "link to nowhere"])
def test_init_overwrites_nothing(vault, folder, what):
    place = vault.path if what == "vault" else folder / "place"
    match what:
        case "file": place.write_text("something")
        case "directory": place.mkdir()
        case "link to nowhere": place.symlink_to("nowhere")
    before = place.lstat(), sorted(os.listdir(place.parent))
    check_refusal(vault.run("init", *LOWEST_KDF, "--vault", place), EXISTS)
    assert (place.lstat(), sorted(os.listdir(place.parent))) == before


# Output


OUTPUTS = {
    "closed": '"$@" >&-',
    "on a full disk": '"$@" >/dev/full',
    "a pipe that nobody reads": 'exec 3> >(true); wait $!; "$@" >&3',
}
PRINTING = ["list", "list --json", "show NAME", "reveal NAME", "export --all", "status", "project list", "token list",
            "inject -i /etc/passwd", "run --explain --all"]


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
@pytest.mark.parametrize("command", PRINTING)
def test_output_that_cannot_be_written_is_an_error(shared_vault, command, output):
    done = subprocess.run(
        ["bash", "-c", output, "-", PROGRAM, *command.split()], env=shared_vault.environment(),
        stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=60)
    check_refusal(done, RUN_FAILED if command.startswith("run ") else INPUT_OUTPUT)


@pytest.mark.parametrize("command", ["add NEW", "rotate NAME", "import -", "inject"])
def test_standard_input_that_is_closed_is_an_error(shared_vault, command):
    done = subprocess.run(
        ["bash", "-c", '"$@" <&-', "-", PROGRAM, *command.split()], env=shared_vault.environment(),
        capture_output=True, start_new_session=True, timeout=60)
    check_refusal(done, INPUT_OUTPUT)


def test_a_port_in_use_is_refused(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused(INPUT_OUTPUT, "serve", "--port", taken.getsockname()[1])


def test_export_to_where_no_file_can_be_is_refused(shared_vault, folder):
    for status, place in ((BAD_INPUT, folder), (INPUT_OUTPUT, folder / "missing" / "file")):
        before = shared_vault.rows()
        check_refusal(shared_vault.run("export", "--all", "-o", place), status)
        after = shared_vault.rows()
        # The values were read, so the log has that, and its end is in the state.
        assert after.pop("events")[:-1] == before.pop("events")
        assert after.pop("state") != before.pop("state")
        assert after == before
    assert os.listdir(folder) == []

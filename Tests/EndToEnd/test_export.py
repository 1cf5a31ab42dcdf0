"""An env file gives back every value byte for byte, to bash, dash and systemd; and it holds what a task would get."""

import os
import re
import stat
import subprocess

import pexpect
import pytest

from conftest import PROGRAM, Vault
from readers.systemd import read as read_as_systemd

NO_ID = "550e8400-e29b-41d4-a716-446655440000"
NAMED = {
    "BCRYPT": "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "COMMANDS": "$(touch pwned) `touch pwned` ${HOME} $HOME $$ $1 ${X:-y}",
    "CR_AND_LF": "a\r\nb\rc\n\n",
    "ENDS_IN_BACKSLASH": "C:\\path\\",
    "ENDS_IN_DOLLAR": "cost$",
    "ESCAPED_LINE_BREAK": "a\\\nb\\n",
    "EVERY_ASCII": "".join(map(chr, range(1, 128))),
    "HISTORY": "wow! !! !$",
    "JSON": '{"type": "service_account", "key": "-----BEGIN\\nMIIB\\n", "n": [1, "\\u00e9"]}',
    "LIKE_AN_ASSIGNMENT": 'x"\nPATH="/evil\nexport A=b # not a comment ; neither',
    "PEM": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg+/==\n-----END PRIVATE KEY-----\n",
    "QUOTES": "'\"`'\\''\"\"",
    "SHORT_UTF_8": "".join(map(chr, range(128, 0x2ff))),
    "SPACES": " \t both ends \t ",
    "SPECIAL": "~ * ? [a-z] {a,b} < > | & ; ( ) # % ^ =",
    "UNICODE": "\ufeffünï 𝄞 e\u0301 👩‍👩‍👧 العربية \u2028\u2029\x85\u202e",
}


def sourced(shell, file, names):
    """What a program that the shell starts has in its environment once the shell has read the file."""
    done = subprocess.run(
        [*shell, "-c", 'set -a; . "$0"; set +a; exec env -0', file], env={"PATH": os.environ["PATH"]}, cwd=file.parent,
        capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")
    variables = dict(entry.split(b"=", 1) for entry in done.stdout.split(b"\0") if entry)
    return {name: variables.get(name.encode()) for name in names}


def bash(file, names):
    return sourced(["bash", "--norc"], file, names)


def dash(file, names):
    return sourced(["dash"], file, names)


def systemd(file, names):
    variables = read_as_systemd(file, names)
    return {name: variables.get(name) for name in names}


READERS = [bash, dash, systemd]


def add(vault, name, *options, value=None):
    vault.ok("add", name, *options, input=value or f"value of {name}")


def exported(vault, *options):
    """The names and values that an export holds, in its order."""
    return re.findall(r'^(\w+)="(.*)"$', vault.ok("export", *options).decode(), re.MULTILINE)


def post(server, path, **body):
    answer = server.request("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def export_all(server, values, file):
    """Puts the values into a project of their own and exports it."""
    project = post(server, "/api/v1/projects")["project"]["id"]
    for name, value in values.items():
        post(server, "/api/v1/secrets", name=name, value=value, project_id=project, default_available=True)
    server.vault.ok("export", "--format", "shell", "--project", project, "-o", file)


# What readers get


@pytest.fixture(scope="module")
def named(shared_server, tmp_path_factory):
    file = tmp_path_factory.mktemp("named") / "env"
    export_all(shared_server, NAMED, file)
    return file


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_gets_the_value_byte_for_byte(named, reader, name):
    assert reader(named, [name]) == {name: NAMED[name].encode()}
    assert os.listdir(named.parent) == ["env"]


# What is exported


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A vault with personal secrets and those of two projects, some of them available by default."""
    vault = Vault(tmp_path_factory.mktemp("filled")).init()
    vault.ok("project", "create", "web"), vault.ok("project", "create", "other")
    for name, *options in [
        ("PLAIN",), ("ALWAYS", "--default-available"), ("BOTH", "--default-available"),
        ("PROJECT_PLAIN", "--project", "web"), ("PROJECT_ALWAYS", "--project", "web", "--default-available"),
        ("FOREIGN", "--project", "other", "--default-available"),
    ]:
        add(vault, name, *options)
    add(vault, "BOTH", "--project", "web", value="the project's")
    return vault


@pytest.mark.parametrize(
    "options, expected",
    [
        ("", "ALWAYS BOTH"),
        ("--secret PLAIN", "ALWAYS BOTH PLAIN"),
        ("--secret PLAIN --secret ALWAYS --secret PLAIN", "ALWAYS BOTH PLAIN"),
        ("--all", "ALWAYS BOTH PLAIN"),
        ("--project web", "ALWAYS BOTH PROJECT_ALWAYS"),
        ("--project web --secret PROJECT_PLAIN --secret PLAIN", "ALWAYS BOTH PLAIN PROJECT_ALWAYS PROJECT_PLAIN"),
        ("--project web --all", "ALWAYS BOTH PLAIN PROJECT_ALWAYS PROJECT_PLAIN"),
        ("--project other", "ALWAYS BOTH FOREIGN"),
    ],
)
def test_an_export_holds_what_is_available_and_what_is_asked_for(filled, options, expected):
    assert [name for name, _ in exported(filled, *options.split())] == expected.split()


def test_a_project_s_secret_stands_before_a_personal_one(filled):
    assert dict(exported(filled))["BOTH"] == "value of BOTH"
    assert dict(exported(filled, "--project", "other"))["BOTH"] == "value of BOTH"
    # Wanted by name it is the project's too, though by default only the personal one is available.
    for options in (["--secret", "BOTH"], ["--all"]):
        assert dict(exported(filled, "--project", "web", *options))["BOTH"] == "the project's"


def test_a_secret_may_be_wanted_by_its_id(filled):
    id = filled.ok("list", "--project", "web").decode().splitlines()[0].split("\t")[-1]
    assert [name for name, _ in exported(filled, "--secret", id)] == ["ALWAYS", "BOTH", "PROJECT_PLAIN"]


@pytest.mark.parametrize("options", [["--secret", "NO_SUCH"], ["--secret", NO_ID], ["--project", "no such"]])
def test_what_does_not_exist_is_refused_before_anything_is_written(filled, folder, options):
    options = ["--secret", "PLAIN", *options]
    done = filled.run("export", *options)
    assert (done.returncode, done.stdout) == (66, b"")
    assert filled.run("export", *options, "-o", folder / "file").returncode == 66
    assert not (folder / "file").exists()


def test_an_empty_selection_is_noted_and_no_failure(vault):
    add(vault, "PLAIN")
    done = vault.run("export")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"coffer: note: no secret is selected")


# Where it is written


def test_a_terminal_is_warned_first_and_nobody_else(filled, folder):
    child = pexpect.spawn(
        str(PROGRAM), ["export"], env=filled.environment(), encoding="utf-8", dimensions=(24, 120), timeout=30)
    warning, *shown = child.read().splitlines()
    child.close()
    assert (child.exitstatus, shown) == (0, filled.ok("export").decode().splitlines())
    assert warning.startswith("coffer: warning: this shows secret values")
    for options in ([], ["-o", folder / "env"]):
        assert filled.run("export", *options).stderr == b""


def test_a_file_is_for_its_owner_alone_and_replaced_as_a_whole(filled, folder):
    file = folder / "env"
    file.write_text("x" * 10_000)
    file.chmod(0o644)
    with file.open() as reader:
        assert filled.ok("export", "-o", file) == b""
        assert reader.read() == "x" * 10_000, "who reads the old file goes on reading it"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == filled.ok("export")


def test_a_file_stays_as_it_was_when_the_export_fails(filled, folder):
    file = folder / "env"
    file.write_text("kept")
    before = sorted(os.listdir(folder)), file.stat()
    assert filled.run("export", "--secret", "NO_SUCH", "-o", file).returncode == 66
    assert (sorted(os.listdir(folder)), file.stat()) == before


def test_a_link_is_replaced_and_what_it_leads_to_left_alone(filled, folder):
    target, link = folder / "target", folder / "link"
    target.write_text("kept")
    link.symlink_to(target)
    filled.ok("export", "-o", link)
    assert (target.read_text(), link.is_symlink()) == ("kept", False)
    assert link.read_bytes() == filled.ok("export")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_what_is_no_file_is_not_replaced(filled, folder, make):
    make(folder / "place")
    before = sorted(os.listdir(folder)), (folder / "place").lstat()
    assert filled.run("export", "-o", folder / "place").returncode == 65
    assert (sorted(os.listdir(folder)), (folder / "place").lstat()) == before

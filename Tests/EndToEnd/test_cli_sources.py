"""Where the vault is, and where its passphrase comes from: the first place that is given counts."""

import os
import subprocess

import pytest

from conftest import LOWEST_KDF, PASSPHRASE, PROGRAM

SOURCES = ["--passphrase-file", "--passphrase-fd", "COFFER_PASSPHRASE_FILE", "COFFER_PASSPHRASE_COMMAND"]


def test_the_vault_is_where_option_variable_or_data_directory_says(empty):
    folder = empty.folder
    option, variable, data, home = (folder / name for name in ("option", "variable", "data home", "home"))
    environment = {"COFFER_VAULT": str(variable), "XDG_DATA_HOME": str(data), "HOME": str(home)}
    for place, arguments, gone in [
        (option, ["--vault", option], []),
        (folder / "relative" / "v", ["--vault", os.path.relpath(folder / "relative" / "v")], []),
        (variable, [], []),
        (data / "coffer" / "vault.coffer", [], ["COFFER_VAULT"]),
        (home / ".local" / "share" / "coffer" / "vault.coffer", [], ["COFFER_VAULT", "XDG_DATA_HOME"]),
    ]:
        assert not place.exists()
        env = environment | dict.fromkeys(gone)
        empty.ok("init", *LOWEST_KDF, *arguments, env=env)
        assert place.is_file()
        assert empty.ok("list", *arguments, env=env) == b""


@pytest.mark.parametrize("ignored", [{"XDG_DATA_HOME": "relative"}, {"XDG_DATA_HOME": ""}, {"COFFER_VAULT": ""}])
def test_an_empty_variable_or_a_relative_data_directory_is_none(empty, ignored):
    empty.ok("init", *LOWEST_KDF, env={"COFFER_VAULT": None} | ignored)
    assert (empty.folder / ".local" / "share" / "coffer" / "vault.coffer").is_file()


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=["no line break", "LF", "CRLF"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_passphrase_comes_from_the_first_source_there_is(vault, folder, source, ending):
    right, wrong = folder / "right", folder / "wrong"
    for file, content in [(right, PASSPHRASE + ending), (wrong, "not it")]:
        file.write_bytes(content.encode())
        file.chmod(0o600)
    environment = {"COFFER_PASSPHRASE_FILE": str(wrong), "COFFER_PASSPHRASE_COMMAND": f"cat '{wrong}'"}
    options = []
    with right.open("rb") as opened:
        match source:
            case "--passphrase-file": options = [source, str(right)]
            case "--passphrase-fd": options = [source, str(opened.fileno())]
            case "COFFER_PASSPHRASE_FILE": environment[source] = str(right)
            case "COFFER_PASSPHRASE_COMMAND": environment |= {"COFFER_PASSPHRASE_FILE": None, source: f"cat '{right}'"}
        done = subprocess.run(
            [PROGRAM, "list", *options], env=vault.environment(**environment), pass_fds=[opened.fileno()],
            stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_passphrase_may_come_through_a_pipe(vault):
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode())
    os.close(writing)
    done = subprocess.run(
        [PROGRAM, "add", "NAME", "--passphrase-fd", str(reading)], env=vault.environment(), pass_fds=[reading],
        input=b"value", capture_output=True, start_new_session=True, timeout=60)
    os.close(reading)
    assert (done.returncode, vault.ok("reveal", "NAME")) == (0, b"value")


def test_one_line_break_is_cut_from_a_passphrase_and_nothing_else(empty):
    empty.write_passphrase(" two words \n")
    empty.ok("init", *LOWEST_KDF)
    for other in (" two words ", "two words\n", " two words \n\n"):
        empty.write_passphrase(other)
        assert empty.run("list").returncode == 77
    empty.write_passphrase(" two words \n")
    assert empty.ok("list") == b""


def test_of_a_command_the_first_line_counts(vault):
    command = f"printf '{PASSPHRASE}\\nlogin: somebody\\n'"
    assert vault.ok("list", env={"COFFER_PASSPHRASE_FILE": None, "COFFER_PASSPHRASE_COMMAND": command}) == b""


def test_a_passphrase_may_have_any_bytes_and_4096_of_them(empty):
    empty.passphrase_file.write_bytes(bytes(range(256)) * 16)
    empty.ok("init", *LOWEST_KDF, "--allow-weak")
    assert empty.ok("list") == b""


def test_a_passphrase_that_others_can_read_is_warned_of(vault):
    vault.passphrase_file.chmod(0o644)
    done = vault.run("list")
    assert done.returncode == 0
    assert done.stderr.startswith(b"coffer: warning: others can read the passphrase file")

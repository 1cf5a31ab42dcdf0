"""`coffer service`: the units that it writes, what systemd makes of them, and the server started as they say."""

import ctypes
import json
import os
import re
import shlex
import shutil
import socket
import stat
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest
import requests

from conftest import PROGRAM, Vault, first_line

UNITS = ["coffer.service", "coffer.socket"]


@pytest.fixture
def vault():
    """A vault where the unit sees it: not under /tmp, which is private to it."""
    with tempfile.TemporaryDirectory(dir="/var/lib" if os.geteuid() == 0 else Path.home()) as folder:
        yield Vault(Path(folder)).init()


@pytest.fixture
def systemctl(vault):
    """A `systemctl` that writes down what it is asked, and the environment that finds it. It fails while `fails` is there."""
    folder = vault.folder / "bin"
    folder.mkdir()
    program, log = folder / "systemctl", folder / "log"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\n[ ! -e {folder}/fails ]\n')
    program.chmod(0o755)
    log.write_text("")
    return {"PATH": f"{folder}:{os.environ['PATH']}"}, log, folder / "fails"


def place(vault):
    return vault.folder / ".config" / "systemd" / "user"


def written(vault):
    return {path.name: path.read_text() for path in place(vault).iterdir()} if place(vault).exists() else {}


def analyze(vault, *arguments):
    """systemd's own opinion, as of a user's manager."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    runtime = vault.folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return subprocess.run(
        ["systemd-analyze", "--user", *arguments], cwd=place(vault), capture_output=True, text=True, timeout=60,
        env=vault.environment(XDG_RUNTIME_DIR=str(runtime)))


def check_accepted(vault):
    done = analyze(vault, "verify", *[f"./{unit}" for unit in UNITS])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def check_refusal(done, status):
    assert (done.returncode, done.stdout) == (status, b""), done.stderr
    assert re.fullmatch(rb"(coffer: warning: [^\n]+\n)?coffer: error: [^\n]+\ncoffer: hint: [^\n]+\n", done.stderr), done.stderr
    return done.stderr.decode()


def settings(text):
    """The lines `NAME=VALUE` of a unit."""
    return [line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Za-z]+=", line)]


def test_show_prints_what_install_writes_and_writes_nothing(vault):
    shown = vault.ok("service", "show", "--credential", vault.passphrase_file).decode()
    assert written(vault) == {} and not place(vault).exists()
    vault.ok("service", "install", "--credential", vault.passphrase_file)
    assert sorted(written(vault)) == UNITS
    assert shown == "".join(f"# {place(vault) / unit}\n{written(vault)[unit]}\n" for unit in UNITS)
    for unit in UNITS:
        assert stat.S_IMODE((place(vault) / unit).stat().st_mode) == 0o600


@pytest.mark.parametrize("credential", [True, False])
def test_systemd_accepts_the_units(vault, credential):
    vault.ok("service", "install", *(["--credential", vault.passphrase_file] if credential else []))
    check_accepted(vault)
    text = written(vault)["coffer.service"]
    assert ("LoadCredential=" in text) == ("%d" in text) == credential
    # It is not as easily pleased as that.
    (place(vault) / "coffer.service").write_text(text.replace("ExecStart=", "ExecStart=/nowhere"))
    assert analyze(vault, "verify", "./coffer.service").returncode != 0


def test_the_server_locks_itself_where_that_is_asked_for(vault):
    vault.ok("service", "install", "--credential", vault.passphrase_file, "--idle", "900s")
    check_accepted(vault)
    command, = [value for name, value in settings(written(vault)["coffer.service"]) if name == "ExecStart"]
    assert command.endswith(" --passphrase-file=%d/coffer-passphrase --idle=15m")


def test_systemd_rates_the_service_ok_or_better(vault):
    vault.ok("service", "install", "--credential", vault.passphrase_file)
    done = analyze(vault, "security", "--offline=true", "./coffer.service")
    rating = re.search(r"Overall exposure level for coffer.service: ([0-9.]+) (\w+)", done.stdout)
    assert rating and rating[2] in ("OK", "SAFE", "PERFECT"), done.stdout + done.stderr
    # And as bad as it is without what the unit says.
    bare = "".join(line + "\n" for line in written(vault)["coffer.service"].splitlines()
                   if re.match(r"\[|ExecStart|Type|Requires", line))
    (place(vault) / "coffer.service").write_text(bare)
    assert re.search(r": ([0-9.]+) (UNSAFE|EXPOSED)", analyze(vault, "security", "--offline=true", "./coffer.service").stdout)


def test_the_units_say_what_they_are_to(vault):
    vault.ok("service", "install", "--port", "18080", env={"XDG_STATE_HOME": str(vault.folder / "state")})
    units = written(vault)
    assert ["ListenStream", "127.0.0.1:18080"] in settings(units["coffer.socket"])
    service = dict(settings(units["coffer.service"]))
    assert shlex.split(service["ReadWritePaths"]) == [str(vault.path.parent), str(vault.folder / "state" / "coffer")]
    # systemd does not start a service whose folders are not there.
    assert (vault.folder / "state" / "coffer").is_dir()
    assert shlex.split(service["Environment"]) == [f"XDG_STATE_HOME={vault.folder / 'state'}"]
    for name, value in [("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("PrivateTmp", "yes"),
                        ("RestrictAddressFamilies", "AF_UNIX"), ("MemoryDenyWriteExecute", "yes"), ("LimitCORE", "0")]:
        assert service[name] == value
    assert service["LimitMEMLOCK"] == "64M"


def test_a_vault_is_named_by_its_whole_path_and_through_links(vault):
    link = vault.folder / "link"
    link.symlink_to(vault.path)
    done = subprocess.run([PROGRAM, "service", "show", "--vault", "link"], cwd=vault.folder, capture_output=True,
                          env=vault.environment(), check=True)
    service = dict(settings(done.stdout.decode()))
    assert shlex.split(service["ExecStart"])[1:] == ["serve", "--vault", str(link), "--locked"]
    assert shlex.split(service["ReadWritePaths"])[0] == str(vault.path.parent)


def test_paths_of_any_kind_are_put_into_the_units_as_they_are(vault):
    """Blanks, quotes, backslashes, and what stands for variables and specifiers. That systemd finds the program shows it."""
    odd, plain = vault.folder / "a b %d $HOME 'c' \"d\" \\n", vault.folder / "a b %d $HOME"
    odd.mkdir(), plain.mkdir()
    program = plain / "coffer"
    shutil.copy(PROGRAM, program)
    done = subprocess.run([program, "service", "install", "--vault", odd / "vault", "--credential", vault.passphrase_file],
                          capture_output=True, env=vault.environment())
    assert done.returncode == 66
    shutil.copy(vault.path, odd / "vault")
    done = subprocess.run([program, "service", "install", "--vault", odd / "vault", "--credential", vault.passphrase_file],
                          capture_output=True, env=vault.environment())
    assert done.returncode == 0, done.stderr
    check_accepted(vault)
    service = dict(settings(written(vault)["coffer.service"]))
    program_word, _, _, vault_word, _ = [word.replace("%%", "%") for word in shlex.split(service["ExecStart"])]
    assert program_word == str(program) and vault_word.replace("$$", "$") == str(odd / "vault")
    assert shlex.split(service["ReadWritePaths"])[0].replace("%%", "%") == str(odd)
    # systemd knows no way to write these in the name of a program.
    shutil.move(program, odd / "coffer")
    done = subprocess.run([odd / "coffer", "service", "show"], capture_output=True, env=vault.environment())
    assert "the program's path has quotes or backslashes" in check_refusal(done, 65)


def test_a_state_folder_of_any_kind_is_put_into_the_units_as_it_is(vault):
    state = vault.folder / "a b %d $HOME \"c\""
    vault.ok("service", "install", env={"XDG_STATE_HOME": str(state)})
    check_accepted(vault)
    service = dict(settings(written(vault)["coffer.service"]))
    assert shlex.split(service["Environment"])[0].replace("%%", "%") == f"XDG_STATE_HOME={state}"
    assert shlex.split(service["ReadWritePaths"])[1].replace("%%", "%") == str(state / "coffer")


def test_what_is_there_already_stays_unless_it_is_forced(vault):
    vault.ok("service", "install")
    before = written(vault)
    # The same again is no matter.
    vault.ok("service", "install")
    assert written(vault) == before
    said = check_refusal(vault.run("service", "install", "--port", "9090"), 73)
    assert "coffer.socket is there and says something else" in said and "--force" in said
    assert written(vault) == before
    vault.ok("service", "install", "--port", "9090", "--force")
    assert "127.0.0.1:9090" in written(vault)["coffer.socket"]
    place(vault).joinpath("coffer.service").write_text("[Service]\nExecStart=/bin/true\n")
    before = written(vault)
    check_refusal(vault.run("service", "install", "--port", "9090"), 73)
    assert written(vault) == before


def test_now_has_systemd_take_the_units_up(vault, systemctl):
    env, log, fails = systemctl
    vault.ok("service", "install", "--now", env=env)
    assert log.read_text() == "--user daemon-reload\n--user enable --now coffer.socket\n"
    fails.touch()
    said = check_refusal_after_writing(vault.run("service", "install", "--now", env=env))
    assert "systemd did not take up the units" in said


def test_units_that_say_something_else_hold_at_once(vault, systemctl):
    """systemd has a socket listen as it did when it was started, and a service run so, until they are stopped."""
    env, log, fails = systemctl
    vault.ok("service", "install", "--now", env=env)
    log.write_text("")
    steps = ["daemon-reload", "stop coffer.service coffer.socket", "enable --now coffer.socket"]
    said = vault.run("service", "install", "--port", "9090", "--force", env=env).stderr.decode()
    assert said.splitlines()[-1] == "coffer: next: " + " && ".join(f"systemctl --user {step}" for step in steps)
    assert log.read_text() == ""
    vault.ok("service", "install", "--port", "9090", "--idle", "5m", "--force", "--now", env=env)
    assert log.read_text() == "".join(f"--user {step}\n" for step in steps)
    # When it did not go well, what runs is as before although the units are written.
    fails.touch()
    assert vault.run("service", "install", "--port", "9191", "--force", "--now", env=env).returncode == 74
    fails.unlink()
    log.write_text("")
    vault.ok("service", "install", "--port", "9191", "--now", env=env)
    assert log.read_text() == "".join(f"--user {step}\n" for step in steps)


def check_refusal_after_writing(done):
    assert (done.returncode, done.stdout) == (74, b"")
    *_, error, hint = done.stderr.decode().splitlines()
    assert error.startswith("coffer: error: ") and hint.startswith("coffer: hint: ")
    return error


def test_uninstall_ends_the_server_and_removes_the_units(vault, systemctl):
    env, log, fails = systemctl
    vault.ok("service", "install", env=env)
    vault.ok("service", "uninstall", env=env)
    assert written(vault) == {}
    assert log.read_text() == "--user disable --now coffer.socket coffer.service\n--user daemon-reload\n"
    assert vault.path.exists() and vault.passphrase_file.exists()
    check_refusal(vault.run("service", "uninstall", env=env), 66)
    # Without a systemd to tell, the units go all the same.
    vault.ok("service", "install", env=env)
    fails.touch()
    done = vault.run("service", "uninstall", env=env)
    assert (done.returncode, written(vault)) == (0, {})
    assert b"coffer: warning: systemd was not told" in done.stderr


def test_uninstall_leaves_the_units_of_others_alone(vault, systemctl):
    env, log, _ = systemctl
    vault.ok("service", "install", env=env)
    place(vault).joinpath("coffer.service").write_text("[Service]\nExecStart=/bin/true\n")
    before = written(vault)
    said = check_refusal(vault.run("service", "uninstall", env=env), 73)
    assert "was not written by" in said
    assert written(vault) == before and log.read_text() == ""
    vault.ok("service", "uninstall", "--force", env=env)
    assert written(vault) == {}


@pytest.mark.parametrize("arguments, env, status", [
    (["--vault", "/nowhere/vault"], {}, 66), (["--credential", "/nowhere/passphrase"], {}, 66),
    (["--credential", "/dev/null"], {}, 66), (["--credential", ""], {}, 64), (["--vault", ""], {}, 64),
    (["--port", "0"], {}, 64), (["--port", "65536"], {}, 64), (["--port", "http"], {}, 64), (["--idle", "0s"], {}, 64), (["extra"], {}, 64),
    ([], {"HOME": None}, 65), (["--credential", "/new\nline"], {}, 65), (["--vault", "/tab\tulator"], {}, 65),
])
def test_what_cannot_become_a_unit_is_refused(vault, arguments, env, status):
    check_refusal(vault.run("service", "install", *arguments, env=env), status)
    assert written(vault) == {}


def test_a_vault_that_the_server_would_not_see_is_warned_of(tmp_path):
    vault = Vault(tmp_path).init()
    done = vault.run("service", "install")
    hidden = str(tmp_path).startswith(("/tmp/", "/var/tmp/"))
    assert done.returncode == 0 and (b"warning: the vault lies under" in done.stderr) == hidden


@pytest.mark.parametrize("home", [".", "below", "below/link"])
def test_a_vault_whose_folder_is_the_home_is_refused(vault, home):
    below = vault.path.parent / "below"
    below.mkdir()
    (below / "link").symlink_to("..")
    env = {"HOME": str(vault.path.parent / home), "XDG_CONFIG_HOME": str(vault.folder / ".config")}
    for command in ("install", "show"):
        said = check_refusal(vault.run("service", command, env=env), 65)
        assert f"the vault lies directly in {vault.path.parent}, all of which the server could write" in said
    assert written(vault) == {}


def test_a_credential_that_others_can_read_is_warned_of(vault):
    vault.passphrase_file.chmod(0o644)
    done = vault.run("service", "install", "--credential", vault.passphrase_file)
    assert done.returncode == 0 and b"warning: others can read the passphrase file" in done.stderr


def numbers():
    """The numbers of this machine's system calls, by name."""
    found = next(Path("/usr/include").glob("*/asm/unistd_64.h"), None)
    if not found:
        pytest.skip("the numbers of system calls are not known here")
    return {name: int(number) for name, number in re.findall(r"#define __NR_(\w+) (\d+)", found.read_text())}


def calls(name):
    """The system calls of a set of systemd's, with those of the sets in it."""
    done = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    found = set()
    for line in done.stdout.splitlines():
        word = line.strip()
        if line.startswith("    ") and not word.startswith("#"):
            found |= calls(word) if word.startswith("@") else {word}
    return found


def only(allowed):
    """Has the kernel refuse all other system calls, with EPERM, as the unit asks."""
    load, equal, give = 0x20, 0x15, 0x06
    program = [(load, 0, 0, 0)]
    for number in sorted(allowed):
        program += [(equal, 0, 1, number), (give, 0, 0, 0x7FFF0000)]
    program.append((give, 0, 0, 0x00050001))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("H6xP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare():
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, header, 0, 0) == 0

    prepare.keep = code
    return prepare


def test_the_server_does_with_the_system_calls_that_its_unit_leaves_it(vault):
    """Started by hand as the unit says: with its socket, its credential, its command and its filter."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    vault.ok("service", "install", "--credential", vault.passphrase_file)
    text = written(vault)["coffer.service"]
    filters = [value for name, value in settings(text) if name == "SystemCallFilter"]
    assert filters == ["@system-service", "~@privileged @resources"]
    known = numbers()
    names = calls("@system-service") - calls("@privileged") - calls("@resources")
    refuse_others = only({known[name] for name in names if name in known})
    credentials = vault.folder / "credentials"
    credentials.mkdir()
    name, source = dict(settings(text))["LoadCredential"].split(":")
    shutil.copy(source, credentials / name)
    command = [word.replace("%d", str(credentials)) for word in shlex.split(dict(settings(text))["ExecStart"])]
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()

        def place_socket():
            os.dup2(opened.fileno(), 3, inheritable=True)
            refuse_others()

        process = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', *command], preexec_fn=place_socket, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=vault.environment(LISTEN_FDS="1", COFFER_PASSPHRASE_FILE=None))
        try:
            base = f"http://127.0.0.1:{opened.getsockname()[1]}"
            assert first_line(process) == f"listening on {base}\n"
            assert "Seccomp:\t2" in Path(f"/proc/{process.pid}/status").read_text()
            token = vault.ok("token", "create", "--name", "tests").decode().strip()
            answer = requests.post(base + "/api/v1/secrets", headers={"Authorization": f"Bearer {token}"}, timeout=30,
                                   json={"name": "NAME", "value": "value"})
            assert answer.status_code == 201, answer.text
        finally:
            process.terminate()
            _, said = process.communicate(timeout=20)
        assert process.returncode == 0
        assert b"warning" not in said, said
    assert json.loads(vault.ok("show", "NAME", "--json"))["name"] == "NAME"

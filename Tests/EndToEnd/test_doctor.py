"""`coffer doctor`: each row that fails, shown on a machine that is made so."""

import ctypes
import errno
import json
import os
import platform
import resource
import sqlite3
import struct
import subprocess
from contextlib import closing
from pathlib import Path

import pexpect
import pytest

from clocks import clock  # noqa: F401
from conftest import PROGRAM
from disks import disk  # noqa: F401

CHECKS = ["vault file", "vault folder", "state folder", "passphrase file", "memory lock", "swap", "dumpable", "core dumps",
          "ptrace scope", "keyring", "clock", "free disk", "database", "key derivation"]


def examine(vault, *wrapper, prepare=None, env=None, status=None):
    """The checks by name, from a run that changes nothing."""
    done = subprocess.run(
        [*wrapper, PROGRAM, "doctor", "--json"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
        env=vault.environment(**(env or {})), preexec_fn=prepare)
    assert done.stderr == b""
    report = json.loads(done.stdout)
    checks = {check["check"]: check for check in report["checks"]}
    assert list(checks) == CHECKS
    failing = [check for check in checks.values() if check["state"] == "fails"]
    assert report["ok"] == (not failing)
    assert done.returncode == (1 if failing else 0)
    for check in checks.values():
        assert check["found"]
        assert "remedy" in check or check["state"] in ("ok", "none")
    return checks


def states(checks, *names):
    return [checks[name]["state"] for name in names]


def test_without_a_vault_it_says_how_to_make_one(empty):
    checks = examine(empty)
    assert states(checks, "vault file", "vault folder", "database", "key derivation") == ["none"] * 4
    assert checks["vault file"]["remedy"] == "coffer init"
    assert not empty.path.parent.exists()


def test_a_good_vault_has_no_row_that_fails(vault):
    before = vault.rows()
    checks = examine(vault)
    assert states(checks, "vault file", "vault folder", "state folder", "passphrase file", "dumpable", "clock",
                  "database") == ["ok"] * 7
    # Made at the lowest cost, as all vaults of these tests.
    assert checks["key derivation"]["state"] == "warning"
    assert checks["key derivation"]["remedy"] == "coffer passphrase change --kdf-memory 256 --kdf-passes 3"
    assert vault.rows() == before


def test_it_asks_for_no_passphrase(vault):
    vault.passphrase_file.unlink()
    done = vault.run("doctor", env={"COFFER_PASSPHRASE_FILE": None})
    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.split("\t")[0] for line in done.stdout.decode().splitlines()] == [
        name for name in CHECKS if name != "passphrase file"]


def test_on_a_terminal_it_is_a_table_with_a_heading(vault):
    child = pexpect.spawn(str(PROGRAM), ["doctor"], env=vault.environment(), encoding="utf-8", dimensions=(40, 400))
    heading, *lines = child.read().splitlines()
    child.close()
    assert child.exitstatus == 0
    assert heading.split() == ["CHECK", "STATE", "FOUND", "REMEDY"]
    assert [line.split("  ")[0] for line in lines] == CHECKS


@pytest.mark.parametrize("name, mode, state", [
    ("data/vault.coffer", 0o644, "fails"), ("data/vault.coffer", 0o620, "fails"), ("data", 0o777, "fails"),
    ("data/vault.coffer", 0o400, "fails"),
    ("data", 0o755, "warning"), ("data", 0o775, "fails"), ("passphrase", 0o640, "fails"),
    (".local/state/coffer", 0o777, "fails"),
])
def test_a_mode_that_lets_others_in_is_told_with_the_command_that_mends_it(vault, name, mode, state):
    rows = {"data/vault.coffer": "vault file", "data": "vault folder", "passphrase": "passphrase file",
            ".local/state/coffer": "state folder"}
    vault.ok("list")
    place = vault.folder / name
    place.chmod(mode)
    check = examine(vault)[rows[name]]
    assert check["state"] == state
    subprocess.run(check["remedy"], shell=True, check=True)
    assert examine(vault)[rows[name]]["state"] == "ok"


def test_a_folder_that_is_there_for_others_keeps_its_modes(vault):
    place = vault.path.parent
    (place / "something else").touch()
    place.chmod(0o1777)
    check = examine(vault)["vault folder"]
    assert check["state"] == "fails" and "others may put files beside the vault" in check["found"]
    env = vault.environment(PATH=f"{PROGRAM.parent}:{os.environ['PATH']}", COFFER_VAULT=None)
    done = subprocess.run(
        check["remedy"] + " && coffer list && coffer doctor --json", shell=True, env=env, capture_output=True, stdin=subprocess.DEVNULL)
    mended = {check["check"]: check for check in json.loads(done.stdout.splitlines()[-1])["checks"]}
    assert (mended["vault file"]["state"], mended["vault folder"]["state"]) == ("ok", "ok")
    assert place.stat().st_mode & 0o7777 == 0o1777 and vault.path.exists()


def test_what_is_no_file_or_no_vault_yet_is_told_without_a_command_that_harms(vault):
    checks = examine(vault, env={"COFFER_VAULT": "/dev/zero"})
    assert (checks["vault file"]["state"], checks["vault file"]["remedy"]) == ("fails", "ls -ld /dev/zero")
    assert "chmod" not in checks["vault folder"].get("remedy", "")
    other = vault.folder / "other.coffer"
    rows = [line.split("\t") for line in vault.ok("doctor", "--vault", other).decode().splitlines()]
    assert ["vault file", "-", f"there is none at {other}", f"coffer init --vault {other}"] in rows
    assert ["vault folder", "-", "there is no vault in it yet", "-"] in rows


def test_a_command_that_mends_takes_any_path(vault):
    place = vault.folder / "it's a folder"
    place.mkdir(mode=0o700)
    vault.path.rename(place / "vault")
    vault.path = place / "vault"
    vault.path.chmod(0o666)
    subprocess.run(examine(vault)["vault file"]["remedy"], shell=True, check=True)
    assert vault.path.stat().st_mode & 0o777 == 0o600


def test_a_state_folder_that_cannot_be_one_fails(vault):
    state = vault.folder / "state"
    state.mkdir()
    (state / "coffer").write_text("")
    assert states(examine(vault, env={"XDG_STATE_HOME": str(state)}), "state folder") == ["fails"]
    (state / "coffer").unlink()
    assert states(examine(vault, env={"XDG_STATE_HOME": str(state)}), "state folder") == ["ok"]
    # Neither XDG_STATE_HOME nor HOME: this machine would remember nothing.
    assert states(examine(vault, env={"HOME": None}), "state folder") == ["fails"]


def test_memory_that_cannot_be_locked_fails(vault):
    def none():
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))

    # Root may lock memory whatever the limit.
    drop = ["setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"] if os.geteuid() == 0 else []
    check = examine(vault, *drop, prepare=none)["memory lock"]
    assert check["state"] == "fails" and "(limit 0)" in check["found"]
    assert check["remedy"].startswith("ulimit -l ")


@pytest.mark.parametrize("limit, state", [(0, "ok"), (1 << 20, "warning")])
def test_core_dumps_of_tasks_are_told_by_the_limit_that_they_inherit(vault, limit, state):
    check = examine(vault, prepare=lambda: resource.setrlimit(resource.RLIMIT_CORE, (limit, resource.RLIM_INFINITY)))
    # A program that is handed them gets them whatever the limit.
    is_handed = Path("/proc/sys/kernel/core_pattern").read_text().startswith("|")
    assert check["core dumps"]["state"] == ("warning" if is_handed else state)


def forbid(call, argument=None):
    """Has the kernel refuse a system call, as a container does (seccomp(2)), with this first argument alone."""
    load, equal, give = 0x20, 0x15, 0x06
    program = [(load, 0, 0, 0)]
    if argument is None:
        program += [(equal, 0, 1, call)]
    else:
        program += [(equal, 0, 3, call), (load, 0, 0, 16), (equal, 0, 1, argument)]
    program += [(give, 0, 0, 0x00050001), (give, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("H6xP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare():
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, header, 0, 0) == 0

    prepare.keep = code
    return prepare


CALLS = {
    "x86_64": {"add_key": 248, "keyctl": 250, "prctl": 157}, "aarch64": {"add_key": 217, "keyctl": 219, "prctl": 167},
}.get(platform.machine(), {})


@pytest.mark.skipif(not CALLS, reason="the numbers of system calls are not known here")
def test_a_kernel_that_keeps_no_keys_is_told(vault):
    check = examine(vault, prepare=forbid(CALLS["add_key"]))["keyring"]
    assert check["state"] == "warning" and check["found"].startswith("the kernel keeps no keys here")


@pytest.mark.skipif(not CALLS, reason="the numbers of system calls are not known here")
def test_a_process_that_others_can_read_fails(vault):
    assert examine(vault)["dumpable"]["state"] == "ok"
    assert examine(vault, prepare=forbid(CALLS["prctl"], argument=4))["dumpable"]["state"] == "fails"


@pytest.mark.skipif(not CALLS, reason="the numbers of system calls are not known here")
def test_the_keyring_is_left_as_it_was(vault):
    if examine(vault)["keyring"]["state"] != "ok":
        pytest.skip("the kernel keeps no keys here")
    libc = ctypes.CDLL(None, use_errno=True)
    # KEYCTL_SEARCH of the user keyring.
    found = libc.syscall(CALLS["keyctl"], 10, -4, b"user", b"coffer:probe", 0)
    assert (found, ctypes.get_errno()) == (-1, errno.ENOKEY)


def test_a_clock_that_cannot_be_right_fails(vault, clock):  # noqa: F811
    assert examine(vault)["clock"]["state"] == "ok"
    for days in (-1, -365 * 40, 365 * 100):
        assert examine(vault, env=clock(days))["clock"]["state"] == "fails"
    os.utime(vault.path, times=(2_000_000_000, 4_000_000_000))
    assert examine(vault)["clock"]["state"] == "fails"


def test_a_disk_that_is_nearly_full_fails(disk):  # noqa: F811
    check = examine(disk)["free disk"]
    assert check["state"] == "fails" and "KiB" in check["found"]
    assert disk.path.parent.name in check["remedy"]


def test_a_damaged_page_fails_and_names_the_ways_back(vault):
    for number in range(40):
        vault.ok("add", f"NAME_{number}", input="value")
    content = bytearray(vault.path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    # Every page but the first: whichever SQLite looks at is wrong.
    content[2 * size:] = bytes(byte ^ 0xFF for byte in content[2 * size:])
    vault.path.write_bytes(content)
    check = examine(vault)["database"]
    assert check["state"] == "fails"
    assert check["remedy"].startswith("coffer restore ") and "coffer salvage " in check["remedy"]
    assert vault.path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"no vault at all", b"x" * 4096])
def test_a_file_that_is_no_vault_or_cut_short_fails(empty, content):
    empty.path.parent.mkdir(mode=0o700)
    empty.path.write_bytes(content)
    empty.path.chmod(0o600)
    assert states(examine(empty), "database", "key derivation") == ["fails", "none"]
    assert empty.path.read_bytes() == content


def test_a_forged_key_slot_fails(vault):
    with closing(sqlite3.connect(vault.path, isolation_level=None)) as database:
        database.execute("UPDATE key_slots SET operations = 1")
    assert examine(vault)["key derivation"]["state"] == "fails"


def test_a_vault_at_the_default_cost_is_as_it_should_be(empty):
    empty.ok("init")
    assert examine(empty)["key derivation"]["state"] == "ok"


@pytest.mark.parametrize("arguments", [["--bogus"], ["extra"], ["--vault", ""]])
def test_a_wrong_command_line_is_refused(vault, arguments):
    done = vault.run("doctor", *arguments)
    assert (done.returncode, done.stdout) == (64, b"")
    assert done.stderr.startswith(b"coffer: error: ")

"""Sessions: the passphrase once, and the kernel's keyring in place of it until the session ends."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest

import keyring
from conftest import CHEAP, PASSPHRASE, PROGRAM, Vault, serve, stop
from second_reader import Reader
from watch import forms, own_passphrase, watching

pytestmark = pytest.mark.skipif(
    keyring.refusal() is not None, reason=f"the kernel grants no keyring here: {keyring.refusal()}")

VALUE = "value-of-the-session-1f7c"
# Without any source of a passphrase: only a session opens the vault.
NOBODY = {"COFFER_PASSPHRASE_FILE": None}


def ended(vault):
    return json.loads(vault.ok("status", "--json"))["locked"]


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def assert_locked(done):
    assert (done.returncode, done.stdout) == (69, b"")
    assert done.stderr.decode().startswith("coffer: error: the vault is locked, and there is no terminal to ask")
    assert "'coffer unlock'" in done.stderr.decode()


@pytest.fixture
def vault(tmp_path):
    vault = Vault(tmp_path).init()
    vault.ok("add", "SECRET", "--default-available", input=VALUE)
    yield vault
    if vault.path.exists():
        vault.run("lock")


def test_commands_need_no_passphrase_until_the_session_is_locked(vault):
    assert_locked(vault.run("reveal", "SECRET", env=NOBODY))
    done = vault.run("unlock")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == "coffer: unlocked for 8h, or until it was not used for 1h\n" + CHEAP
    assert vault.ok("reveal", "SECRET", env=NOBODY) == VALUE.encode()
    vault.ok("rotate", "SECRET", input="another-value", env=NOBODY)
    assert vault.ok("run", "--no-redact", "--", "printenv", "SECRET", env=NOBODY) == b"another-value\n"
    done = vault.run("lock")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"coffer: locked\n")
    assert_locked(vault.run("reveal", "SECRET", env=NOBODY))
    done = vault.run("lock")
    assert (done.returncode, done.stderr) == (0, b"coffer: note: it was locked already\n")


def test_a_passphrase_on_the_command_line_goes_before_the_session(vault):
    vault.ok("unlock")
    wrong = vault.folder / "wrong"
    wrong.write_text("not the passphrase")
    wrong.chmod(0o600)
    assert vault.run("list", "--passphrase-file", wrong).returncode == 77
    # Those that stand in the environment for every command do not.
    assert vault.run("list", env={"COFFER_PASSPHRASE_FILE": str(wrong)}).returncode == 0


def test_a_wrong_passphrase_opens_no_session_and_ends_none(vault):
    for is_open in (False, True):
        vault.write_passphrase("not the passphrase")
        assert vault.run("unlock").returncode == 77
        assert vault.run("list", env=NOBODY).returncode == (0 if is_open else 69)
        vault.write_passphrase(PASSPHRASE)
        vault.ok("unlock")
    assert vault.ok("audit").decode().count("1 failed unlock") == 2


def test_status_tells_until_when_and_prolongs_nothing(vault):
    shape = json.loads(vault.ok("status", "--json"))
    assert shape["locked"] is True and "session" not in shape
    before = datetime.now(timezone.utc)
    vault.ok("unlock", "--for", "2h", "--idle", "90s")
    shape = json.loads(vault.ok("status", "--json"))
    assert shape["locked"] is False
    assert shape["session"]["idle_seconds"] == 90
    ends = datetime.fromisoformat(shape["session"]["ends_at"].replace("Z", "+00:00"))
    assert timedelta(hours=2, seconds=-5) < ends - before < timedelta(hours=2, minutes=5)
    assert f"unlocked until {ends:%Y-%m-%dT%H:}" in vault.ok("status").decode()
    assert 0 < shape["session"]["unused_seconds_left"] <= 90
    assert re.search(r"or until not used for 90s: (1m|\d+s) from now\n", vault.ok("status").decode())
    # The kernel rounds it down, to minutes and hours.
    vault.ok("unlock", "--for", "5h", "--idle", "2h")
    assert json.loads(vault.ok("status", "--json"))["session"]["unused_seconds_left"] in (7200, 3600)
    vault.ok("unlock", "--for", "30s")
    assert json.loads(vault.ok("status", "--json"))["session"]["unused_seconds_left"] <= 30
    vault.ok("unlock", "--idle", "3s")
    # Looking all the time does not keep it open.
    wait_until(lambda: ended(vault))


def test_a_session_ends_when_it_is_not_used_and_lasts_while_it_is(vault):
    vault.ok("unlock", "--idle", "8s")
    end = time.monotonic() + 11
    while time.monotonic() < end:
        assert vault.ok("reveal", "SECRET", env=NOBODY) == VALUE.encode()
    wait_until(lambda: ended(vault))
    assert_locked(vault.run("reveal", "SECRET", env=NOBODY))


def test_a_session_ends_after_its_time_although_it_is_used(vault):
    vault.ok("unlock", "--for", "8s")
    assert vault.run("list", env=NOBODY).returncode == 0
    wait_until(lambda: vault.run("list", env=NOBODY).returncode == 69)


def test_unlocking_again_begins_anew(vault):
    vault.ok("unlock", "--for", "30s")
    vault.ok("unlock", "--for", "5h", "--idle", "2h")
    assert json.loads(vault.ok("status", "--json"))["session"]["idle_seconds"] == 7200


def test_locking_in_one_process_is_seen_by_another(vault):
    vault.ok("unlock")
    # It has read its secrets, and waits.
    script = "echo started; read _; echo $SECRET"
    running = subprocess.Popen(
        [PROGRAM, "run", "--", "sh", "-c", script], env=vault.environment(**NOBODY),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert running.stdout.readline() == b"started\n"
    vault.ok("lock")
    assert_locked(vault.run("list", env=NOBODY))
    # What was begun is finished, and redacted as before.
    assert running.communicate(b"\n", timeout=30) == (b"{{$SECRET}}\n", None)
    assert running.returncode == 0


def test_a_session_that_ends_in_the_middle_of_a_task_does_not_disturb_it(vault):
    vault.ok("unlock", "--for", "8s")
    script = f"echo started; until {PROGRAM} status | grep 'state *locked' >/dev/null; do sleep 0.1; done; echo $SECRET"
    done = vault.run("run", "--", "sh", "-c", script, env=NOBODY)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"started\n{{$SECRET}}\n", b"")
    after = vault.run("run", "--", "true", env=NOBODY)
    assert (after.returncode, after.stdout) == (125, b"")


def test_new_keys_end_the_session_and_a_new_passphrase_does_not(vault):
    vault.ok("unlock")
    new = vault.folder / "new"
    new.write_text("another long passphrase, not a weak one")
    new.chmod(0o600)
    vault.ok("passphrase", "change", "--new-passphrase-file", new)
    assert vault.run("list", env=NOBODY).returncode == 0
    vault.write_passphrase(new.read_text())
    done = vault.run("rekey")
    assert done.returncode == 0
    assert b"coffer: note: the session has ended; 'coffer unlock' opens another\n" in done.stderr
    assert_locked(vault.run("list", env=NOBODY))
    vault.ok("unlock")
    assert vault.ok("reveal", "SECRET", env=NOBODY) == VALUE.encode()


def test_a_session_from_before_new_keys_is_none(vault):
    id = json.loads(vault.ok("status", "--json"))["id"]
    vault.ok("unlock")
    former = keyring.read(keyring.find(f"coffer:{id}"))
    vault.ok("rekey")
    assert keyring.read(keyring.put(f"coffer:{id}", former)) == former
    assert_locked(vault.run("list", env=NOBODY))
    assert vault.run("list").returncode == 0


def test_a_recovery_code_opens_a_session_and_is_not_called_cheap(vault):
    code = vault.folder / "code"
    code.write_bytes(vault.ok("recovery", "create"))
    code.chmod(0o600)
    done = vault.run("unlock", "--passphrase-file", code)
    assert (done.returncode, done.stderr) == (0, b"coffer: unlocked for 8h, or until it was not used for 1h\n")
    assert vault.ok("reveal", "SECRET", env=NOBODY) == VALUE.encode()


def test_what_changes_keys_asks_for_the_passphrase_although_there_is_a_session(vault):
    vault.ok("unlock")
    before = vault.rows()
    for command in (["rekey"], ["passphrase", "change", "--generate"], ["recovery", "create"], ["recovery", "revoke"]):
        assert_locked(vault.run(*command, env=NOBODY))
    assert vault.rows() == before


def test_two_vaults_have_a_session_each(vault, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Vault(folder)
    other.write_passphrase("another passphrase for the other vault")
    other.init()
    vault.ok("unlock")
    assert_locked(other.run("list", env=NOBODY))
    other.ok("unlock")
    vault.ok("lock")
    assert_locked(vault.run("list", env=NOBODY))
    assert other.run("list", env=NOBODY).returncode == 0
    vault.ok("unlock")
    other.ok("lock")
    assert vault.run("list", env=NOBODY).returncode == 0


def test_a_session_opens_a_copy_of_its_vault_and_no_other_file(vault):
    vault.ok("unlock")
    vault.ok("backup", vault.folder / "copy.coffer")
    # This machine has seen the vault later: told as it would be with the passphrase, not asked for.
    done = vault.run("list", "--vault", vault.folder / "copy.coffer", env=NOBODY)
    assert done.returncode == 76 and b"older" in done.stderr


def test_a_damaged_vault_is_told_with_the_passphrase(vault):
    vault.ok("unlock")
    subprocess.run(["sqlite3", vault.path, "UPDATE state SET sealed_state = zeroblob(length(sealed_state))"], check=True)
    assert_locked(vault.run("list", env=NOBODY))
    assert vault.run("list").returncode == 76


def test_a_key_of_that_name_that_is_not_ours_opens_nothing(vault):
    id = json.loads(vault.ok("status", "--json"))["id"]
    vault.ok("unlock")
    content = keyring.read(keyring.find(f"coffer:{id}"))
    assert len(content) == 45
    long_ago = (-(2**63)).to_bytes(8, "big", signed=True)
    for forged in [b"x", content + b"x", b"\2" + content[1:], content[:1] + bytes(32) + content[33:],
                   content[:33] + long_ago + content[41:]]:
        keyring.put(f"coffer:{id}", forged)
        assert_locked(vault.run("list", env=NOBODY))
        assert vault.run("list").returncode == 0


def test_the_key_can_be_read_from_another_session_of_this_user_and_by_no_other_user(vault):
    id = json.loads(vault.ok("status", "--json"))["id"]
    vault.ok("unlock")
    serial = keyring.find(f"coffer:{id}")
    done = subprocess.run(
        [PROGRAM, "reveal", "SECRET"], env=vault.environment(**NOBODY), preexec_fn=keyring.join_new_session,
        stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True)
    assert (done.returncode, done.stdout) == (0, VALUE.encode())
    if os.getuid() != 0:
        return
    script = (
        f"import os, sys; sys.path.insert(0, {str(os.path.dirname(keyring.__file__))!r}); import keyring; "
        f"os.setgroups([]); os.setgid(65534); os.setuid(65534); keyring.read({serial})")
    done = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True)
    assert done.returncode == 1 and b"Permission denied" in done.stderr


def test_lock_all_ends_the_sessions_of_all_vaults():
    # As another user, because it would end those of other tests.
    if os.getuid() != 0:
        pytest.skip("only root can be another user")
    script = """
        set -e
        for name in a b; do
            export COFFER_VAULT=$HOME/$name/v.coffer
            "$0" init --kdf-memory 19 --kdf-passes 2
            "$0" unlock
        done
        "$0" lock --all
        "$0" status | grep state
        "$0" lock --all
    """
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        running = start_as_another_user(script, Path(folder), another_user())
        shown, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert shown == "state    locked\n"
    assert [line for line in said.splitlines() if "locked " in line][-2:] == [
        "coffer: locked 2 vaults", "coffer: locked 0 vaults"]


def another_user(number=0):
    """A user that no other test has."""
    return 60000 + 2500 * number + os.getpid() % 2500


def start_as_another_user(script, home, user):
    passphrase = home / "passphrase"
    passphrase.write_text(PASSPHRASE)
    passphrase.chmod(0o600)
    for path in [home, passphrase]:
        os.chown(path, user, user)
    program = home / "coffer"
    for name in ("coffer", "coffer-server"):
        shutil.copy(PROGRAM.with_name(name), home)
    # In a session of its own, so that the user's keys are not its own just so (keyrings(7), "Possession").
    return subprocess.Popen(
        ["sh", "-c", script, program], preexec_fn=keyring.join_new_session, user=user, group=user, extra_groups=[], cwd=home, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "COFFER_PASSPHRASE_FILE": str(passphrase)})


def test_lock_all_ends_all_sessions_but_one_that_it_may_not_end():
    # As another user, because it would end those of other tests.
    if os.getuid() != 0:
        pytest.skip("only root can be another user")
    user = another_user(1)
    script = """
        "$0" init --kdf-memory 19 --kdf-passes 2
        "$0" unlock
        "$0" serve --port 0 >listening &
        server=$!
        until grep -q listening listening; do sleep 0.1; done
        echo unlocked
        read planted
        "$0" lock --all
        echo "status $?"
        "$0" unlock
        read planted
        "$0" lock --all --server
        echo "status $?"
        "$0" status | grep state
        kill $server
    """
    # For a while, keys that their own user may look at and not revoke.
    plant = f"""
import os, sys
sys.path.insert(0, {os.path.dirname(keyring.__file__)!r})
import keyring
os.setgid({user})
os.setuid({user})
# What is linked to the session's keyring is a process's own.
keyring.join_new_session()
keyring.call(keyring.KEYCTL, keyring.LINK, keyring.USER_KEYRING, keyring.SESSION_KEYRING)
for name in sys.argv[1:]:
    key = keyring.put(name, b"value", 0x3F010000)
    keyring.call(keyring.KEYCTL, keyring.SET_TIMEOUT, key, 120)
"""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        running = start_as_another_user(script, Path(folder), user)
        assert running.stdout.readline() == "unlocked\n"
        # One that only looks like ours, and several that look exactly so: the keyring has them in an order of its own.
        for names in (["coffer:nothing"], [f"coffer:{uuid4()}" for _ in range(8)]):
            subprocess.run([sys.executable, "-B", "-c", plant, *names], check=True)
            running.stdin.write("planted\n")
            running.stdin.flush()
            if names == ["coffer:nothing"]:
                assert running.stdout.readline() == "status 0\n"
        shown, said = running.communicate(timeout=60)
    assert shown == "status 74\nstate    locked\n", said
    assert "coffer: locked 1 server\n" in said and "the kernel did not end a session (errno 13)" in said


def test_lock_of_a_vault_that_is_gone_says_what_ends_its_session(vault):
    vault.ok("unlock")
    away = vault.path.with_suffix(".away")
    vault.path.rename(away)
    for extra in ([], ["--server"]):
        done = vault.run("lock", *extra)
        assert (done.returncode, done.stdout) == (66, b"")
        assert done.stderr.decode().splitlines() == [
            "coffer: error: there is no vault here, so the session to end cannot be told",
            "coffer: hint: 'coffer lock --all' ends the sessions of all your vaults, and with --server locks all servers"]
    away.rename(vault.path)
    assert not ended(vault)


@pytest.mark.parametrize("arguments", [["--for", "0s"], ["--idle", "366d"], ["--for", "366d"], ["--for", "1"], ["--for", "VALUE"], ["--server", "--for", "5m"], ["--server", "--idle", "5m"]])
def test_a_time_that_cannot_be_is_refused(vault, arguments):
    done = vault.run("unlock", *arguments)
    assert (done.returncode, done.stdout) == (64, b"")
    assert b"VALUE" not in done.stderr
    assert ended(vault)


def test_where_the_kernel_refuses_keyrings_unlock_says_so_before_it_asks(vault):
    def run(*arguments, **more):
        return subprocess.run(
            [PROGRAM, *arguments], env=vault.environment(**more), preexec_fn=keyring.refuse,
            stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True)

    # It is not opened: no fault of the passphrase's.
    done = run("unlock", COFFER_PASSPHRASE_FILE="/nowhere")
    assert (done.returncode, done.stdout) == (69, b"")
    assert done.stderr.decode().splitlines() == [
        "coffer: error: the kernel grants no keyring here, as in some containers, so there is no session",
        "coffer: hint: give each command its passphrase: --passphrase-file, COFFER_PASSPHRASE_FILE or "
        "COFFER_PASSPHRASE_COMMAND; or keep a 'coffer serve' running",
    ]
    for command in (["lock"], ["lock", "--all"]):
        refused = run(*command)
        assert refused.returncode == 69 and len(refused.stderr.splitlines()) == 2
    running = serve(vault)
    try:
        done = run("lock", "--server")
        assert (done.returncode, done.stderr) == (0, b"coffer: locked, and 1 server\n")
        assert run("unlock", "--server").stderr.decode() == "coffer: unlocked 1 server\n" + CHEAP
    finally:
        stop(running)
    # Everything else goes on without.
    assert run("reveal", "SECRET").stdout == VALUE.encode()
    assert b"state    locked\n" in run("status").stdout
    assert not [path for path in vault.folder.rglob("*") if "session" in path.name.lower()]


def test_neither_passphrase_nor_key_nor_value_is_in_an_argument_a_variable_or_a_log(tmp_path):
    vault, passphrase, value = Vault(tmp_path), own_passphrase(), own_passphrase()
    vault.write_passphrase(passphrase)
    vault.init()
    vault.ok("add", "SECRET", "--default-available", input=value)
    passphrase = passphrase.encode()
    with Reader(vault.path, passphrase) as reader:
        keys = [reader.root_key, reader.personal().key]
    running = serve(vault)
    output = b""
    try:
        with watching(passphrase, value.encode(), *keys) as watch:
            for _ in range(3):
                for arguments in (["unlock"], ["lock", "--server"], ["unlock", "--server"], ["list"], ["status"], ["lock"]):
                    done = vault.run(*arguments)
                    assert done.returncode == 0, done.stderr
                    output += done.stdout + done.stderr
        # A task has the values, and no way to the keys.
        vault.ok("unlock")
        assert vault.ok("run", "--secret", "SECRET", "--", "sh", "-c", "env | grep -c COFFER_PASSPHRASE; true") == b"0\n"
    finally:
        vault.run("lock")
        stop(running)
    assert {b"coffer", b"coffer-server"} <= watch.seen
    output += running.log.read_bytes()
    assert not [True for secret in (passphrase, value.encode(), *keys) for form in forms(secret) if form in output]

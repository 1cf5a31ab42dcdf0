"""A running server that is locked, by hand or because nobody asks, and unlocked again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest

import keyring
from conftest import CHEAP, PASSPHRASE, PROGRAM, Server, Vault, serve, stop
from second_reader import Reader
from second_reader_boxes import subkey
from test_memory import memory

VALUE = "a-value-of-a-locked-server"
LOCKED = "urn:coffer:problem:locked"


@pytest.fixture
def vault(tmp_path):
    vault = Vault(tmp_path).init()
    yield vault
    if keyring.refusal() is None and vault.path.exists():
        vault.run("lock")


def control_sockets(vault):
    return list((vault.folder / ".local/state/coffer/run").glob("*.server"))


def listing(server, **more):
    return server.request("GET", "/api/v1/secrets", **more)


def wait_until_locked(server, times):
    """Until the server has locked itself so many times, without a request that would keep it from that."""
    end = time.monotonic() + 60
    while server.log.read_text().count("] locked\n") < times:
        # What needs no token is no use of the vault.
        assert server.request("GET", "/healthz", token=None).ok
        assert time.monotonic() < end, "it was not locked"
        time.sleep(0.05)


def test_a_locked_server_answers_423_until_it_is_unlocked(vault):
    running = serve(vault)
    try:
        created = running.request("POST", "/api/v1/secrets", json={"name": "SECRET", "value": VALUE})
        assert created.status_code == 201
        done = vault.run("lock", "--server")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"coffer: locked, and 1 server\n")
        requests = [
            ("GET", "/api/v1/secrets"), ("POST", "/api/v1/secrets"), ("GET", f"/api/v1/secrets/{created.json()['id']}"),
            ("DELETE", f"/api/v1/secrets/{created.json()['id']}"), ("GET", "/api/v1/projects")]
        for method, path in requests:
            answer = running.request(method, path, json={"name": "OTHER", "value": VALUE} if method == "POST" else None)
            assert (answer.status_code, answer.json()["type"]) == (423, LOCKED)
        # It cannot tell a good token from a bad one.
        assert listing(running, token=running.token[:-2] + "xx").status_code == 423
        assert listing(running, token=None, headers={"X-Api-Key": "coffer_sk_x"}).status_code == 423
        assert listing(running, token=None).status_code == 401
        assert running.request("GET", "/healthz", token=None).status_code == 200
        done = vault.run("lock", "--server")
        assert (done.returncode, done.stderr) == (0, b"coffer: note: it was locked already\n")

        done = vault.run("unlock", "--server")
        assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", "coffer: unlocked 1 server\n" + CHEAP)
        assert [s["name"] for s in listing(running).json()["secrets"]] == ["SECRET"]
        assert listing(running, token=running.token[:-2] + "xx").status_code == 401
        done = vault.run("unlock", "--server")
        assert (done.returncode, done.stderr.decode()) == (0, "coffer: note: it was unlocked already\n" + CHEAP)
    finally:
        stop(running)
    assert control_sockets(vault) == []
    log = running.log.read_text()
    assert log.count("] locked\n") == 1 and log.count("] unlocked\n") == 1


def test_a_server_locks_itself_when_no_request_comes_and_not_before(vault):
    running = serve(vault, "--idle", "4s")
    try:
        end, asked, locked = time.monotonic() + 6, 0, 0
        while time.monotonic() < end:
            before, asked = asked, time.monotonic()
            if listing(running).status_code == 423:
                # On a machine that is busy with other things.
                assert time.monotonic() - before > 4, "it locked itself although it was asked"
                vault.ok("unlock", "--server")
                locked += 1
        wait_until_locked(running, times=locked + 1)
        assert listing(running).status_code == 423
        vault.ok("unlock", "--server")
        assert listing(running).status_code == 200
        wait_until_locked(running, times=locked + 2)
    finally:
        stop(running)


@pytest.mark.skipif(keyring.refusal() is not None, reason=f"the kernel grants no keyring here: {keyring.refusal()}")
def test_a_session_starts_a_server_and_unlocks_it_and_ends_without_it(vault):
    vault.ok("unlock")
    passphrase = vault.passphrase_file.read_bytes()
    vault.passphrase_file.unlink()
    running = serve(vault)
    try:
        vault.ok("lock", "--server")
        assert listing(running).status_code == 423
        done = vault.run("unlock", "--server")
        assert done.returncode != 0 and listing(running).status_code == 423
        vault.passphrase_file.write_bytes(passphrase)
        vault.passphrase_file.chmod(0o600)
        vault.ok("unlock")
        vault.passphrase_file.unlink()
        vault.ok("unlock", "--server")
        assert listing(running).status_code == 200
        done = vault.run("lock")
        assert done.stderr.decode().splitlines() == [
            "coffer: locked", "coffer: note: a running server keeps its own keys; 'coffer lock --server' locks it too"]
        assert listing(running).status_code == 200
    finally:
        stop(running)


def test_two_servers_of_one_vault_are_locked_and_unlocked_together_and_no_other_s(vault, tmp_path):
    (tmp_path / "other").mkdir()
    other = Vault(tmp_path / "other").init()
    state = str(vault.folder / ".local/state")
    running = [serve(vault), serve(vault, token_name="second")]
    other.environment, plain = lambda **changes: plain(XDG_STATE_HOME=state, **changes), other.environment
    running.append(serve(other))
    try:
        vault.ok("lock", "--server")
        assert [listing(server).status_code for server in running] == [423, 423, 200]
        assert vault.run("unlock", "--server").stderr.decode() == "coffer: unlocked 2 servers\n" + CHEAP
        assert [listing(server).status_code for server in running] == [200, 200, 200]
    finally:
        for server in running:
            stop(server)


def test_a_wrong_passphrase_or_another_vault_s_key_unlocks_nothing(vault):
    running = serve(vault)
    try:
        vault.ok("lock", "--server")
        vault.write_passphrase("not the passphrase")
        assert vault.run("unlock", "--server").returncode == 77
        assert listing(running).status_code == 423
        assert order(vault, b"\2" + bytes(32)) == b"\3"
        assert listing(running).status_code == 423
        vault.write_passphrase(PASSPHRASE)
        vault.ok("unlock", "--server")
        assert listing(running).status_code == 200
    finally:
        stop(running)


def test_a_vault_that_was_damaged_meanwhile_is_not_unlocked(vault):
    running = serve(vault)
    try:
        assert running.request("POST", "/api/v1/secrets", json={"name": "SECRET", "value": VALUE}).status_code == 201
        vault.ok("lock", "--server")
        subprocess.run(["sqlite3", vault.path, "DELETE FROM secrets"], check=True)
        done = vault.run("unlock", "--server")
        assert done.returncode == 76
        assert done.stderr.decode().startswith("coffer: error: a server was not unlocked: its vault is damaged")
        assert listing(running).status_code == 423
    finally:
        stop(running)


def test_without_a_server_there_is_none_to_unlock(vault):
    done = vault.run("unlock", "--server", env={"COFFER_PASSPHRASE_FILE": "/nowhere"})
    assert (done.returncode, done.stdout) == (66, b"")
    assert done.stderr.decode().splitlines() == [
        "coffer: error: no server of this vault is running", "coffer: hint: 'coffer serve' starts one, unlocked"]


def test_that_systemd_starts_the_server_with_a_request_is_told_where_it_does(vault):
    vault.ok("service", "install")
    said = vault.run("unlock", "--server").stderr.decode()
    assert said.splitlines()[-1] == (
        "coffer: hint: systemd starts it with the first request to its port, to /healthz for one; unlock it then")
    # Not that of another vault.
    other = vault.path.with_name("other.coffer")
    other.write_bytes(vault.path.read_bytes())
    said = vault.run("unlock", "--server", "--vault", other).stderr.decode()
    assert said.splitlines()[-1] == "coffer: hint: 'coffer serve' starts one, unlocked"


@pytest.mark.skipif(keyring.refusal() is not None, reason=f"the kernel grants no keyring here: {keyring.refusal()}")
@pytest.mark.parametrize("command", ["passphrase change", "recovery revoke", "recovery create --replace"])
def test_who_takes_away_what_opens_the_vault_is_told_what_is_open(vault, command):
    new = vault.folder / "new"
    new.touch(0o600)
    new.write_text("another passphrase altogether")
    vault.ok("recovery", "create")
    options = ["--new-passphrase-file", new] if command.startswith("passphrase") else []
    vault.ok("unlock")
    running = serve(vault)
    try:
        told = vault.run(*command.split(), *options).stderr.decode().splitlines()
        assert [line for line in told if "stays" in line or "server" in line] == [
            "coffer: note: the session that is open stays; 'coffer lock' ends it",
            "coffer: note: a running server keeps its own keys; 'coffer lock --server' locks it too"]
        assert listing(running).status_code == 200
        assert vault.run("list", env={"COFFER_PASSPHRASE_FILE": None}).returncode == 0
        # One that is locked has no keys to tell of.
        vault.ok("lock", "--server")
        if command != "passphrase change":
            vault.ok("recovery", "create", "--replace")
        assert vault.run("lock").stderr == b"coffer: note: it was locked already\n"
    finally:
        stop(running)


def test_a_server_that_was_started_in_another_environment_is_found(vault):
    running = serve(vault)
    try:
        # As a hook and a login have other ones.
        env = {"XDG_RUNTIME_DIR": str(vault.folder / "elsewhere")}
        assert vault.run("lock", "--server", env=env).stderr == b"coffer: locked, and 1 server\n"
        assert listing(running).status_code == 423
        assert vault.run("unlock", "--server", env=env).stderr.decode() == "coffer: unlocked 1 server\n" + CHEAP
    finally:
        stop(running)


@pytest.mark.skipif(keyring.refusal() is not None, reason=f"the kernel grants no keyring here: {keyring.refusal()}")
def test_a_session_from_before_new_keys_keeps_no_server_locked(vault):
    id = json.loads(vault.ok("status", "--json"))["id"]
    vault.ok("unlock")
    former = keyring.read(keyring.find(f"coffer:{id}"))
    running = serve(vault)
    try:
        vault.ok("rekey")
        assert keyring.read(keyring.put(f"coffer:{id}", former)) == former
        assert vault.run("unlock", "--server").stderr.decode() == "coffer: unlocked 1 server\n" + CHEAP
    finally:
        stop(running)


def test_a_server_that_is_found_under_two_names_is_one(vault):
    running = serve(vault)
    try:
        (vault.folder / "link").symlink_to(control_sockets(vault)[0].parents[1])
        (vault.folder / "link/coffer").symlink_to("run")
        assert vault.run("lock", "--server", env={"XDG_RUNTIME_DIR": str(vault.folder / "link")}).stderr == (
            b"coffer: locked, and 1 server\n")
        assert running.log.read_text().count("] locked\n") == 1
        vault.ok("unlock", "--server", env={"XDG_RUNTIME_DIR": str(vault.folder / "link")})
        assert running.log.read_text().count("] unlocked\n") == 1
    finally:
        stop(running)


@pytest.mark.parametrize("option", ["--locked", "--idle=1h"])
def test_a_server_that_nobody_could_unlock_is_not_started(vault, option):
    env = {"HOME": None}
    passphrase = [] if option == "--locked" else ["--passphrase-file", vault.passphrase_file]
    done = vault.run("serve", "--port", "0", option, *passphrase, env=env)
    assert (done.returncode, done.stdout) == (74, b"")
    assert "there is no place for a control socket, so nobody could unlock it" in done.stderr.decode()


def test_without_a_home_it_is_told_that_servers_may_not_be_found(vault, tmp_path):
    running = serve(vault)
    try:
        env = {"HOME": None}
        warning = "coffer: warning: HOME is not set, and a server whose control socket is below it is not found without it"
        for command in (["lock", "--server"], ["unlock", "--server"], ["lock"], ["status"], ["rekey"]):
            assert warning in vault.run(*command, env=env).stderr.decode().splitlines()
        assert warning not in vault.run("lock", "--server").stderr.decode().splitlines()
    finally:
        stop(running)


def test_that_no_server_was_found_is_told(vault):
    done = vault.run("lock", "--server")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "coffer: note: it was locked already", "coffer: note: no running server was found"]


def test_a_server_that_does_not_answer_is_told_and_holds_up_neither_the_session_nor_another_server(vault):
    if keyring.refusal() is None:
        vault.ok("unlock")
    hung, other = serve(vault), serve(vault, token_name="other")
    try:
        hung.process.send_signal(signal.SIGSTOP)
        done = vault.run("lock", "--server")
        assert (done.returncode, done.stdout) == (74, b"")
        assert done.stderr.decode().splitlines()[-2:] == [
            "coffer: error: a server did not answer, and may still be unlocked",
            f"coffer: hint: end it: kill -9 {hung.process.pid}"]
        assert listing(other).status_code == 423
        assert vault.run("list", env={"COFFER_PASSPHRASE_FILE": None}).returncode == 69
    finally:
        hung.process.send_signal(signal.SIGCONT)
        stop(hung)
        stop(other)


def test_the_socket_of_a_killed_server_is_none(vault):
    running = serve(vault)
    running.process.kill()
    running.process.wait()
    running.process.stdout.close()
    assert len(control_sockets(vault)) == 1
    assert vault.run("unlock", "--server").returncode == 66
    assert control_sockets(vault) == []


def connection(vault):
    path, = control_sockets(vault)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(30)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        client.connect(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    return client


def order(vault, message):
    with closing(connection(vault)) as client:
        client.send(message)
        return client.recv(16)


@pytest.mark.parametrize(
    "message", [b"\0", b"\4", b"\1x", b"\2", b"\2" + b"x" * 31, b"\1" * 33, b"\2" * 1000],
    ids=["zero", "unknown", "lock with more", "no key", "short key", "lock with a key", "long"])
def test_other_orders_are_not_answered_and_change_nothing(vault, message):
    running = serve(vault)
    try:
        # Cut to the longest message there is, the last of them is an order with a wrong key, and there is nothing to unlock.
        assert order(vault, message) == (b"\2" if len(message) == 1000 else b"")
        assert listing(running).status_code == 200
        assert order(vault, b"\1") == b"\1"
        assert order(vault, message) == (b"\3" if len(message) == 1000 else b"")
        assert listing(running).status_code == 423
    finally:
        stop(running)


def test_clients_that_say_nothing_hold_up_nobody_and_are_sent_away(vault):
    running = serve(vault)
    try:
        silent = [connection(vault) for _ in range(7)]
        assert vault.run("lock", "--server").stderr == b"coffer: locked, and 1 server\n"
        for client in silent:
            with closing(client):
                assert client.recv(16) == b""
        assert order(vault, b"\1") == b"\2"
    finally:
        stop(running)


def test_status_tells_which_servers_run_and_whether_they_are_locked(vault):
    def told():
        shape = json.loads(vault.ok("status", "--json"))
        assert shape["locked"] is True
        lines = [line for line in vault.ok("status").decode().splitlines() if line.startswith("server ")]
        return sorted((server["process"], server.get("locked")) for server in shape["servers"]), sorted(lines)

    assert told() == ([], [])
    running = serve(vault, "--idle", "1h")
    try:
        process = running.process.pid
        assert told() == ([(process, False)], [f"server   unlocked, process {process}"])
        vault.ok("lock", "--server")
        assert told() == ([(process, True)], [f"server   locked, process {process}"])
        running.process.send_signal(signal.SIGSTOP)
        # Also when more wait for it than it lets wait.
        for _ in range(6):
            assert told() == ([(process, None)], [f"server   does not answer, process {process}"])
        done = vault.run("lock", "--server")
        assert done.returncode == 74 and f"end it: kill -9 {process}" in done.stderr.decode()
    finally:
        running.process.send_signal(signal.SIGCONT)
        stop(running)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_another_user_is_not_listened_to_even_with_a_way_to_the_socket(vault):
    running = serve(vault)
    try:
        path, = control_sockets(vault)
        path.chmod(0o777)
        script = (
            "import os, socket, sys\n"
            "folder = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "os.fchdir(folder)\n"
            "client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); client.settimeout(30)\n"
            "client.connect(sys.argv[2])\n"
            "try: client.send(b'\\1'); print(client.recv(16))\n"
            "except OSError: print(b'')\n")
        path.parent.chmod(0o755)
        done = subprocess.run([sys.executable, "-c", script, path.parent, path.name], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "b''\n"), done.stderr
        assert listing(running).status_code == 200
    finally:
        stop(running)


@pytest.mark.skipif(os.getuid() != 0, reason="only root reads another process's memory")
def test_no_key_and_no_passphrase_is_in_a_locked_server_s_memory(vault):
    running = serve(vault)
    try:
        for name in ("ONE", "TWO"):
            assert running.request("POST", "/api/v1/secrets", json={"name": name, "value": VALUE}).status_code == 201
        project = vault.ok("project", "create", "web").decode().strip()
        body = {"name": "THREE", "value": VALUE, "project_id": project}
        assert running.request("POST", "/api/v1/secrets", json=body).status_code == 201
        assert listing(running).status_code == 200

        with Reader(vault.path, PASSPHRASE.encode()) as reader:
            scopes = [reader.personal(), *reader.projects()]
            derived = [subkey(reader.root_key, n) for n in range(1, 8)]
            derived += [subkey(scope.key, n) for scope in scopes for n in range(1, 5)]
            kept = [reader.root_key, *(scope.key for scope in scopes), PASSPHRASE.encode()]

        # The control: what an unlocked server works with is found, each of it.
        found = memory(running.process.pid)
        assert [found.count(key) > 0 for key in derived] == [True] * len(derived)
        for _ in range(2):
            vault.ok("lock", "--server")
            assert listing(running).status_code == 423
            found = memory(running.process.pid)
            assert [found.count(key) for key in kept + derived] == [0] * len(kept + derived)
            vault.ok("unlock", "--server")
            assert listing(running).status_code == 200
        assert memory(running.process.pid).count(derived[3]) > 0
    finally:
        stop(running)


@pytest.mark.parametrize("way", ["coffer serve", "coffer-server serve"])
def test_a_crash_prints_no_memory_and_leaves_no_core(vault, way):
    program = PROGRAM if way == "coffer serve" else PROGRAM.with_name("coffer-server")
    process = subprocess.Popen(
        [program, "serve", "--port", "0"], cwd=vault.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=vault.environment(SWIFT_BACKTRACE="enable=yes,color=no"), start_new_session=True)
    assert process.stdout.readline().startswith(b"listening on ")
    process.send_signal(signal.SIGSEGV)
    _, log = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGSEGV
    assert b"Crash" not in log and b"Registers" not in log
    assert not list(vault.folder.glob("core*"))


def test_a_server_that_is_started_locked_needs_no_passphrase_until_it_is_unlocked(vault):
    token = vault.ok("token", "create", "--name", "agent").decode().strip()
    env = vault.environment(COFFER_PASSPHRASE_FILE=None)
    with open(vault.folder / "server.log", "ab") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", "--locked"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            env=env, start_new_session=True)
    base = process.stdout.readline().decode().removeprefix("listening on ").strip()
    running = Server(vault, process, base, token, vault.folder / "server.log")
    try:
        assert listing(running).status_code == 423
        assert vault.run("unlock", "--server").stderr.decode() == "coffer: unlocked 1 server\n" + CHEAP
        assert listing(running).json() == {"count": 0, "secrets": []}
    finally:
        stop(running)


def test_locked_and_a_passphrase_exclude_each_other(vault):
    done = vault.run("serve", "--port", "0", "--locked", "--passphrase-file", vault.passphrase_file)
    assert (done.returncode, done.stdout) == (64, b"")
    assert done.stderr.decode().startswith("coffer: error: --locked and a passphrase exclude each other")


@pytest.mark.parametrize("idle", ["0s", "1", "VALUE"])
def test_an_idle_time_that_cannot_be_is_refused(vault, idle):
    done = vault.run("serve", "--port", "0", "--idle", idle)
    assert (done.returncode, done.stdout) == (64, b"")
    assert b"VALUE" not in done.stderr

"""`coffer serve` on a socket that somebody else has opened for it, as systemd does (sd_listen_fds(3))."""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
import requests

from conftest import PROGRAM, first_line


def listener(family=socket.AF_INET, address=("127.0.0.1", 0)):
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.bind(address)
    opened.listen()
    return opened


def start(vault, passed, *arguments, process=None, count=None, env=None):
    """Starts a server with these descriptors from 3 on, and says so in its environment."""
    descriptors = [p if isinstance(p, int) else p.fileno() for p in passed]

    def place():
        # Out of the way first, so that none is overwritten before it is in place.
        high = [os.dup2(d, 100 + n, inheritable=True) for n, d in enumerate(descriptors)]
        for n, descriptor in enumerate(high):
            os.dup2(descriptor, 3 + n, inheritable=True)
            os.close(descriptor)

    # The number is known only in the child: a shell puts it there, and becomes the program.
    line = f"LISTEN_PID={'$$' if process is None else process} exec \"$0\" \"$@\""
    return subprocess.Popen(
        ["sh", "-c", line, PROGRAM, "serve", *map(str, arguments)], preexec_fn=place, close_fds=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=(vault.folder / "log").open("ab"),
        start_new_session=True,
        env=vault.environment(LISTEN_FDS=str(len(descriptors) if count is None else count), **(env or {})))


@contextmanager
def served(vault, passed, *arguments, **more):
    process = start(vault, [passed], *arguments, **more)
    try:
        line = first_line(process)
        assert line.startswith("listening on "), line + (vault.folder / "log").read_text()
        yield process, line.removeprefix("listening on ").strip()
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0
        process.stdout.close()


def refused(vault, passed, status, *arguments, **more):
    """What is said of a start that is refused."""
    process = start(vault, passed, *arguments, **more)
    assert process.wait(timeout=60) == status
    assert process.stdout.read() == b""
    process.stdout.close()
    said = (vault.folder / "log").read_text().splitlines()
    assert said[-2].startswith("coffer: error: ") and said[-1].startswith("coffer: hint: "), said
    return said[-2].removeprefix("coffer: error: ")


def headers(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("family, address, host", [
    (socket.AF_INET, ("127.0.0.1", 0), "127.0.0.1"), (socket.AF_INET, ("127.9.8.7", 0), "127.9.8.7"),
    (socket.AF_INET6, ("::1", 0), "[::1]"),
])
def test_a_loopback_socket_is_served(vault, family, address, host):
    with listener(family, address) as opened:
        port = opened.getsockname()[1]
        with served(vault, opened) as (_, base):
            assert base == f"http://{host}:{port}"
            token = vault.ok("token", "create", "--name", "tests").decode().strip()
            created = requests.post(base + "/api/v1/secrets", headers=headers(token), timeout=30,
                                    json={"name": "NAME", "value": "value"})
            assert created.status_code == 201
            assert requests.get(base + "/api/v1/secrets", timeout=30).status_code == 401
            foreign = requests.get(base + "/healthz", headers={"Host": "evil.example"}, timeout=30)
            assert foreign.status_code == 403
    assert vault.ok("reveal", "NAME") == b"value"


def test_answers_have_the_headers_that_they_have_otherwise(vault, server):
    with listener() as opened, served(vault, opened) as (_, base):
        mine, theirs = (requests.get(b + "/healthz", timeout=30) for b in (base, server.base))
    assert list(mine.headers) == list(theirs.headers)
    assert {k: v for k, v in mine.headers.items() if k != "Date"} == {
        k: v for k, v in theirs.headers.items() if k != "Date"}
    for answer in (mine, theirs):
        assert time.strptime(answer.headers["Date"], "%a, %d %b %Y %H:%M:%S GMT")


def test_a_connection_that_came_before_the_server_did_is_answered(vault):
    """Which is what socket activation is for."""
    with listener() as opened, socket.create_connection(opened.getsockname()) as early:
        early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with served(vault, opened):
            early.settimeout(30)
            answer = b""
            while part := early.recv(4096):
                answer += part
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b'{"status":"ok"}')


def test_a_unix_socket_for_its_owner_alone_is_served(vault):
    path = vault.folder / "socket"
    with listener(socket.AF_UNIX, str(path)) as opened:
        path.chmod(0o600)
        with served(vault, opened) as (_, base):
            assert base == f"unix:{path}"
            done = subprocess.run(["curl", "--silent", "--unix-socket", path, "http://localhost/healthz"],
                                  capture_output=True, timeout=30)
            assert done.stdout == b'{"status":"ok"}'
        # It is the service manager's to remove.
        assert path.exists()


def test_what_was_asked_is_answered_before_the_server_ends(vault):
    with listener() as opened, served(vault, opened) as (process, base):
        token = vault.ok("token", "create", "--name", "tests").decode().strip()
        with requests.Session() as session:
            session.headers.update(headers(token))
            for number in range(20):
                answer = session.post(base + "/api/v1/secrets", json={"name": f"N{number}", "value": "value"}, timeout=30)
                assert answer.status_code == 201
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
    assert vault.ok("list").count(b"\n") == 20


def test_a_socket_for_another_process_is_not_served(vault):
    """It was meant for one that this process descends from."""
    with listener() as opened, served(vault, opened, "--port", 0, process=1) as (_, base):
        assert not base.endswith(f":{opened.getsockname()[1]}")


def test_no_child_learns_of_the_socket(vault):
    seen = vault.folder / "seen"
    command = f"env > {seen}; ls -l /proc/self/fd >> {seen}; cat {vault.passphrase_file}"
    with listener() as opened:
        env = {"COFFER_PASSPHRASE_FILE": None, "COFFER_PASSPHRASE_COMMAND": command}
        with served(vault, opened, env=env):
            text = seen.read_text()
    assert "PATH=" in text and "LISTEN_" not in text and "socket:" not in text


def test_a_socket_that_is_not_loopback_is_refused(vault):
    for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_INET6, ("::", 0))):
        with listener(family, address) as opened:
            assert "not loopback" in refused(vault, [opened], 65)


def test_a_unix_socket_that_others_may_open_is_refused(vault):
    path = vault.folder / "socket"
    with listener(socket.AF_UNIX, str(path)) as opened:
        path.chmod(0o666)
        assert "others may open" in refused(vault, [opened], 65)
    with listener(socket.AF_UNIX, f"\0coffer-tests-{os.getpid()}") as opened:
        assert "others may open" in refused(vault, [opened], 65)


def test_what_does_not_listen_is_refused(vault):
    with open("/dev/null") as file, socket.socket() as silent, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        for passed in (file, silent, datagrams):
            assert "something else" in refused(vault, [passed], 65)


def test_two_sockets_are_refused(vault):
    with listener() as first, listener() as second:
        assert "passed 2 sockets" in refused(vault, [first, second], 65)


def test_a_socket_of_its_own_beside_it_is_refused(vault):
    with listener() as opened:
        assert "exclude each other" in refused(vault, [opened], 64, "--socket", vault.folder / "other")
    assert not (vault.folder / "other").exists()


def test_a_refusal_comes_before_the_passphrase_is_read(vault):
    vault.passphrase_file.unlink()
    with listener(address=("0.0.0.0", 0)) as opened:
        assert "not loopback" in refused(vault, [opened], 65)


@pytest.mark.parametrize("count", ["", "0", "words"])
def test_without_a_number_of_sockets_there_is_none(vault, count):
    with listener() as opened, served(vault, opened, "--port", 0, count=count) as (_, base):
        assert not base.endswith(f":{opened.getsockname()[1]}")

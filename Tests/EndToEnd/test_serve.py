"""How `coffer serve` begins and ends, and its Unix socket."""

import signal
import stat
import subprocess

import pytest

from conftest import serve, stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_well(vault, number):
    running = serve(vault)
    assert running.request("GET", "/healthz", token=None).status_code == 200
    running.process.send_signal(number)
    assert running.process.wait(timeout=20) == 0
    running.process.stdout.close()


def test_the_server_is_as_open_to_signals_as_a_program_started_by_itself(vault):
    running = serve(vault)
    status = open(f"/proc/{running.process.pid}/status").read()
    assert "SigBlk:\t0000000000000000\n" in status
    # As when its terminal is closed.
    running.process.send_signal(signal.SIGHUP)
    assert running.process.wait(timeout=20) == -signal.SIGHUP
    running.process.stdout.close()


def ask(socket, path, token):
    """One request over a Unix socket, by curl; the token goes by standard input."""
    return subprocess.run(
        ["curl", "--silent", "--unix-socket", socket, "--header", "@-", f"http://localhost{path}"],
        input=f"Authorization: Bearer {token}", capture_output=True, text=True, timeout=30).stdout


def test_a_unix_socket_is_served_to_its_owner_alone(vault):
    socket = vault.folder / "socket"
    running = serve(vault, "--socket", socket)
    assert running.base == f"unix:{socket}"
    assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
    assert ask(socket, "/api/v1/secrets", running.token) == '{"count":0,"secrets":[]}'
    stop(running)


def test_a_socket_that_is_served_is_not_taken_over(vault):
    socket = vault.folder / "socket"
    running = serve(vault, "--socket", socket)
    second = vault.run("serve", "--socket", socket)
    assert second.returncode == 74
    assert second.stderr.startswith(b"coffer: error: cannot listen there: another server does\ncoffer: hint: ")
    assert ask(socket, "/healthz", running.token) == '{"status":"ok"}'
    stop(running)


def test_a_socket_that_a_killed_server_left_is_served_again(vault):
    socket = vault.folder / "socket"
    killed = serve(vault, "--socket", socket)
    killed.process.kill()
    killed.process.wait()
    killed.process.stdout.close()
    assert socket.exists()
    running = serve(vault, "--socket", socket, token_name="again")
    assert ask(socket, "/healthz", running.token) == '{"status":"ok"}'
    stop(running)

"""The units of `coffer service` with a systemd that is alive: a user's own, who has no privileges."""

import os
import socket

import pytest
import requests

import live_systemd
from conftest import CHEAP, LOWEST_KDF, PASSPHRASE

pytestmark = pytest.mark.skipif(
    live_systemd.refusal() is not None, reason=f"no systemd can be started here: {live_systemd.refusal()}")
UNLOCKED = "coffer: unlocked 1 server\n" + CHEAP


@pytest.fixture
def systemd():
    """A user's manager, and a vault of that user."""
    with live_systemd.LiveSystemd(62500 + os.getpid() % 2500) as systemd:
        systemd.wait()
        systemd.ok("sh", "-c", "umask 077 && cat >passphrase", input=PASSPHRASE.encode())
        systemd.environment = {"COFFER_PASSPHRASE_FILE": f"{live_systemd.HOME}/passphrase"}
        systemd.ok("coffer", "init", *LOWEST_KDF, env=systemd.environment)
        systemd.token = systemd.ok("coffer", "token", "create", "--name", "tests", env=systemd.environment).strip()
        yield systemd


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def install(systemd, port, *options):
    return systemd.ok("coffer", "service", "install", "--port", port, "--now", *options)


def secrets(systemd, port):
    return requests.get(
        f"http://127.0.0.1:{port}/api/v1/secrets", headers={"Authorization": f"Bearer {systemd.token}"}, timeout=60)


def server(systemd):
    """The line of `status` about the server; none where none runs."""
    return [line for line in systemd.ok("coffer", "status").splitlines() if line.startswith("server ")]


def main_process(systemd):
    return systemd.ok("systemctl", "--user", "show", "--property=MainPID", "--value", "coffer.service").strip()


def test_the_first_request_starts_the_server_with_its_passphrase_and_shut_in(systemd):
    port = free_port()
    install(systemd, port, "--credential", "passphrase")
    assert server(systemd) == [] and main_process(systemd) == "0"
    answer = secrets(systemd, port)
    assert (answer.status_code, answer.json()) == (200, {"count": 0, "secrets": []})
    process = main_process(systemd)
    assert server(systemd) == [f"server   unlocked, process {process}"]
    # It is also found from outside of the login, as by a job of cron's.
    assert f"server   unlocked, process {process}\n" in systemd.ok("env", "-u", "XDG_RUNTIME_DIR", "coffer", "status")
    told = dict(
        line.split(":\t", 1) for line in systemd.ok("cat", f"/proc/{process}/status").splitlines() if ":\t" in line)
    assert (told["NoNewPrivs"], told["Seccomp"], told["CapBnd"].strip("0")) == ("1", "2", "")
    limits = systemd.ok("cat", f"/proc/{process}/limits")
    assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core")] == [["0", "0"]]
    mounts = [line.split()[4:6] for line in systemd.ok("cat", f"/proc/{process}/mountinfo", user=0).splitlines()]
    writable = {place for place, options in mounts if options.startswith("rw")}
    assert ["/", "ro"] in [[place, options.split(",")[0]] for place, options in mounts]
    assert {f"{live_systemd.HOME}/.local/share/coffer", f"{live_systemd.HOME}/.local/state/coffer", "/tmp"} <= writable
    assert not {"/home", live_systemd.HOME} & writable
    networks = systemd.ok("readlink", f"/proc/{process}/ns/net", "/proc/self/ns/net", user=0).split()
    assert len(set(networks)) == 2
    # It writes the vault, and is locked and unlocked from outside.
    created = requests.post(
        f"http://127.0.0.1:{port}/api/v1/secrets", headers={"Authorization": f"Bearer {systemd.token}"}, timeout=60,
        json={"name": "SECRET", "value": "a-value-for-the-service"})
    assert created.status_code == 201
    assert systemd.ok("coffer", "reveal", "SECRET", env=systemd.environment) == "a-value-for-the-service"
    assert systemd.run("coffer", "lock", "--server").stderr == b"coffer: locked, and 1 server\n"
    assert secrets(systemd, port).status_code == 423
    assert systemd.run("coffer", "unlock", "--server", env=systemd.environment).stderr.decode() == UNLOCKED
    assert secrets(systemd, port).status_code == 200


def test_without_a_credential_it_starts_locked_and_units_that_change_hold_at_once(systemd):
    port, other = free_port(), free_port()
    install(systemd, port)
    none = systemd.run("coffer", "unlock", "--server", env=systemd.environment)
    assert none.returncode == 66 and b"systemd starts it with the first request" in none.stderr
    assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=60).status_code == 200
    assert systemd.run("coffer", "unlock", "--server", env=systemd.environment).stderr.decode() == UNLOCKED
    assert secrets(systemd, port).status_code == 200

    install(systemd, other, "--credential", "passphrase", "--idle", "1h", "--force")
    with pytest.raises(requests.ConnectionError):
        secrets(systemd, port)
    assert secrets(systemd, other).status_code == 200
    assert "--idle=1h" in systemd.ok("tr", "\\0", " ", input=systemd.ok(
        "cat", f"/proc/{main_process(systemd)}/cmdline").encode())

    # One that is killed comes back; one that is uninstalled does not.
    killed = main_process(systemd)
    systemd.ok("kill", "-9", killed)
    assert secrets(systemd, other).status_code == 200 and main_process(systemd) != killed
    systemd.ok("coffer", "service", "uninstall")
    with pytest.raises(requests.ConnectionError):
        secrets(systemd, other)
    assert server(systemd) == []
    assert systemd.run("systemctl", "--user", "cat", "coffer.service").returncode != 0

"""What is left in memory of values, and of whatever else the programs have freed."""

import secrets
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from conftest import PROGRAM
from tasks import until


def memory(pid):
    """Everything that a process may have written, closed pages included."""
    found = bytearray()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, modes, _, _, inode, *name = line.split()
            start, end = (int(number, 16) for number in place.split("-"))
            belongs_to_file = inode != "0" and "w" not in modes
            # What an allocator has only reserved was never written.
            is_reserved = "r" not in modes and end - start > 1 << 20
            if not (belongs_to_file or is_reserved or name and name[0].startswith("[v")):
                found += pages(file, start, end) + b"\0"
    return bytes(found)


def pages(file, start, end):
    """All that can be read there; a page that cannot, behind the end of a mapped file, is passed over."""
    found = bytearray()
    while start < end:
        file.seek(start)
        try:
            found += (more := file.read(end - start))
            start += len(more)
        except OSError:
            start += 4096
    return found


class Values:
    """Random values that have a beginning and an end in common, by which all are found at once."""

    def __init__(self, length):
        self.length = length
        self.start, self.end = secrets.token_urlsafe(6)[:7], secrets.token_urlsafe(6)[:7]

    def new(self):
        return self.start + secrets.token_urlsafe(self.length)[: self.length - 14] + self.end

    def left(self, server):
        """How often a beginning or an end of one stands in the server's memory."""
        found = memory(server.process.pid)
        return found.count(self.start.encode()) + found.count(self.end.encode())


# Up to 15 bytes are kept by Swift where longer ones have their address; 9,000 arrive in several pieces.
@pytest.mark.parametrize("length, count", [(15, 1000), (40, 1000), (9_000, 100)])
def test_no_value_of_a_thousand_creates_is_left_in_memory(server, length, count):
    values, held_values = Values(length), Values(length)
    with ExitStack() as stack:
        # Their connections stay open, so that nothing is gone only because these are.
        sessions = [stack.enter_context(requests.Session()) for _ in range(8)]

        def create(worker):
            for number in range(worker, count, len(sessions)):
                answer = sessions[worker].post(
                    server.base + "/api/v1/secrets", json={"name": f"NAME_{number}", "value": values.new()},
                    headers={"Authorization": f"Bearer {server.token}"}, timeout=30)
                assert answer.status_code == 201, answer.text

        with ThreadPoolExecutor(len(sessions)) as pool:
            list(pool.map(create, range(len(sessions))))

        # The control: a request of which the last byte is missing has its value in memory.
        body = b'{"name":"CONTROL","value":"%b"' % held_values.new().encode()
        where = urlsplit(server.base)
        held = stack.enter_context(socket.create_connection((where.hostname, where.port), timeout=20))
        held.sendall(
            f"POST /api/v1/secrets HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body) + 1}\r\n\r\n".encode() + body)
        assert server.request("GET", "/api/v1/secrets?limit=1").status_code == 200
        assert held_values.left(server) > 0
        # The answer may be here before what it came from is wiped.
        until(lambda: values.left(server) == 0)

        held.sendall(b"}")
        assert held.recv(65536).startswith(b"HTTP/1.1 201 ")
        until(lambda: held_values.left(server) == 0)


def test_no_value_of_a_refused_request_is_left_in_memory(server):
    values = Values(40)
    bodies = [
        {"name": "lower case", "value": values.new()},
        {"name": "TAKEN", "value": values.new()},
        {"name": "NAME", "value": [values.new()]},
        {"name": "NAME", "value": "x", "project_id": values.new()},
        {"name": "NAME", "value": values.new() * 300},
    ]
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {server.token}"
        statuses = [session.post(server.base + "/api/v1/secrets", json=body, timeout=30).status_code for body in bodies * 20]
        assert set(statuses) == {201, 409, 422}
        until(lambda: values.left(server) == 0)


def test_coffer_wipes_what_it_has_read_and_freed(vault):
    # Blanks in a file mean nothing, so there is no reason to keep them.
    canary, control = "".join(secrets.choice(" \t") for _ in range(40_000)), secrets.token_hex(16)
    (vault.folder / ".coffer.json").write_text('{"secrets":' + canary + "[]}")
    running = subprocess.Popen(
        [PROGRAM, "run", "--", "sh", "-c", "echo started; cat"], cwd=vault.folder, env=vault.environment(CONTROL=control),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert running.stdout.readline() == b"started\n"
    found = memory(running.pid)
    running.communicate()
    assert found.count(control.encode()) > 0
    pieces = [canary[start : start + 100].encode() for start in range(0, len(canary), 1000)]
    assert [found.count(piece) for piece in pieces] == [0] * len(pieces)

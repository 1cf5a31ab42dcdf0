"""The server under pressure: floods, slow senders, disks that fail. Who has a token is served all the while."""

import http.client
import json
import os
import select
import socket
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from conftest import serve, stop
from disks import disk, failing_disk, fill

SECRETS = "/api/v1/secrets"
CANARY = "CANARY_5E7A91"


def address(server):
    return urlsplit(server.base).hostname, urlsplit(server.base).port


def connect(server):
    return socket.create_connection(address(server), timeout=20)


def post_head(server, length, token=None):
    return (
        f"POST {SECRETS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token or server.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n").encode()


def rest(connection):
    """All that the server still sends before it closes."""
    received = b""
    with closing(connection):
        try:
            while more := connection.recv(65536):
                received += more
        except ConnectionResetError:
            pass
    return received


def check_problem(answer, status, slug):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:coffer:problem:{slug}"
    assert "database is locked" not in answer.text


def create(server, name, value="a value"):
    return server.request("POST", SECRETS, json={"name": name, "value": value})


def served(server, name):
    """A client with a token is served, from a new connection: it writes, and reads what it wrote."""
    answer = create(server, name)
    assert answer.status_code == 201, answer.text
    assert server.request("GET", f"{SECRETS}/{answer.json()['id']}").json()["name"] == name


# Slow senders


def test_connections_that_send_a_byte_a_second_keep_nobody_out_and_are_ended(server):
    head, body = post_head(server, 100), f'{{"name":"{CANARY}","value":"'.encode().ljust(100)
    slow = [(connect(server), iter(head)) for _ in range(50)] + [(connect(server), iter(body)) for _ in range(50)]
    for connection, _ in slow[50:]:
        connection.sendall(head)
    began, second = time.monotonic(), 0
    received = {}
    while len(received) < len(slow):
        assert time.monotonic() - began < 60, f"{len(slow) - len(received)} are still open"
        for connection, bytes_left in slow:
            if connection in received:
                continue
            if select.select([connection], [], [], 0)[0]:
                received[connection] = rest(connection)
            else:
                connection.sendall(bytes([next(bytes_left)]))
        if second < 5:
            served(server, f"SERVED_{second}")
        second += 1
        time.sleep(max(0, began + second - time.monotonic()))
    for answer in received.values():
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 "), answer
        assert b"application/problem+json" in head and b"\r\nconnection: close" in head.lower()
        assert json.loads(body)["type"] == "urn:coffer:problem:timeout"
    assert CANARY not in server.log.read_text()
    served(server, "AFTER")


def test_more_connections_than_there_may_be_keep_nobody_out(server):
    with ExitStack() as stack:
        for number in range(600):
            connection = stack.enter_context(connect(server))
            connection.sendall(b"P")
            if number % 100 == 99:
                served(server, f"SERVED_{number}")
        assert len(os.listdir(f"/proc/{server.process.pid}/fd")) < 550, "every connection was held open"
    served(server, "AFTER")


def test_a_client_that_has_shown_a_token_keeps_its_connection_in_a_flood_of_others(server):
    with closing(http.client.HTTPConnection(*address(server), timeout=20)) as good, ExitStack() as stack:
        def get():
            good.request("GET", SECRETS, headers={"Authorization": f"Bearer {server.token}"})
            answer = good.getresponse()
            answer.read()
            return answer.status
        assert get() == 200
        own = good.sock.getsockname()
        for _ in range(600):
            stack.enter_context(connect(server))
        assert get() == 200
        assert good.sock.getsockname() == own, "it had to connect again"


def test_an_answer_that_nobody_reads_does_not_keep_the_server_from_ending(server):
    request = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connect(server) as deaf:
        deaf.settimeout(1)
        with pytest.raises(TimeoutError):
            while True:
                deaf.sendall(request * 100)
        served(server, "SERVED")
        stop(server)


def test_half_a_request_does_not_keep_the_server_from_ending(server):
    with connect(server) as head, connect(server) as body:
        head.sendall(b"POST ")
        body.sendall(post_head(server, 100) + b"{")
        served(server, "SERVED")
        stop(server)


# Bad tokens


def test_a_flood_of_bad_tokens_is_slowed_down_and_does_not_slow_down_a_good_one(server):
    statuses, enough = [], threading.Event()

    def flood(number):
        with requests.Session() as session:
            while not enough.is_set():
                answer = session.get(
                    server.base + SECRETS, headers={"Authorization": f"Bearer {CANARY}.{number}.{len(statuses)}"})
                assert answer.status_code in (401, 429), answer.text
                if answer.status_code == 429:
                    check_problem(answer, 429, "too-many-requests")
                    assert answer.headers["Retry-After"] == "1"
                    assert "WWW-Authenticate" not in answer.headers
                statuses.append(answer.status_code)

    with ThreadPoolExecutor(16) as pool:
        floods = [pool.submit(flood, number) for number in range(16)]
        try:
            for number in range(100):
                served(server, f"SERVED_{number}")
            deadline = time.monotonic() + 30
            while 429 not in statuses and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            enough.set()
    assert [f.exception() for f in floods] == [None] * 16
    assert 401 in statuses and 429 in statuses
    assert CANARY not in server.log.read_text()


def test_bad_api_keys_count_too_and_a_good_one_is_let_in(server):
    good = server.vault.ok("token", "create", "--name", "key", "--api-key").decode().strip()

    def ask(key):
        return server.request("GET", SECRETS, token=None, headers={"X-Api-Key": key})

    with ThreadPoolExecutor(16) as pool:
        began = time.monotonic()
        bad = [pool.submit(ask, f"coffer_sk_{number:032}") for number in range(200)]
        assert ask(good).status_code == 200
        seen = Counter(answer.result().status_code for answer in bad)
        # A hundred, and ten more each second.
        assert set(seen) <= {401, 429} and 100 <= seen[401] <= 101 + 10 * (time.monotonic() - began)
    assert ask(good).status_code == 200


def test_requests_without_a_token_are_no_guesses(server):
    assert {server.request("GET", SECRETS, token=None).status_code for _ in range(150)} == {401}
    assert server.request("GET", SECRETS, token="bad").status_code == 401


# Disks


@contextmanager
def serving(vault):
    running = serve(vault)
    try:
        yield running
    finally:
        stop(running)


def test_a_full_disk_is_told_and_reading_goes_on(disk):
    with serving(disk) as server:
        before = server.request("GET", SECRETS).json()
        filler = fill(disk.path.parent)
        answers = [create(server, f"NEW_{number}", CANARY * 500) for number in range(30)]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert refused, "there was room for all of them"
        for answer in refused:
            check_problem(answer, 503, "storage")
            assert CANARY not in answer.text
        names = [answer.json()["name"] for answer in answers if answer.status_code == 201]
        listed = server.request("GET", SECRETS)
        assert listed.status_code == 200
        assert [secret["name"] for secret in listed.json()["secrets"]] == \
            [secret["name"] for secret in before["secrets"]] + names
        filler.unlink()
        served(server, "AFTER")
        assert CANARY not in server.log.read_text()


def test_a_disk_that_turns_read_only_is_told_and_reading_goes_on(failing_disk):
    vault, turn_read_only = failing_disk
    with serving(vault) as server:
        served(server, "BEFORE")
        turn_read_only()
        answer = create(server, "NEW", CANARY)
        check_problem(answer, 503, "storage")
        assert CANARY not in answer.text + server.log.read_text()
        assert [secret["name"] for secret in server.request("GET", SECRETS).json()["secrets"]] == ["BEFORE"]
        assert server.request("GET", "/healthz").status_code == 200


def test_a_vault_that_another_program_keeps_busy_is_told_and_served_again(server):
    with closing(sqlite3.connect(server.vault.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = create(server, "NEW", CANARY)
        check_problem(answer, 503, "storage")
        assert answer.headers["Retry-After"] == "1"
        assert CANARY not in answer.text + server.log.read_text()
        other.execute("ROLLBACK")
    served(server, "NEW")

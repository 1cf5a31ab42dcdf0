"""Requests that no client library sends, written to the socket by hand."""

import http.client
import socket
from urllib.parse import urlsplit

import pytest

from api_refusals import CANARY, MEBIBYTE, SECRETS, log_without_canary, refused, token

# Requests that no client library sends


def raw(server, *parts):
    """Sends bytes as they are, and reads one answer."""
    host, port = urlsplit(server.base).hostname, urlsplit(server.base).port
    with socket.create_connection((host, port), timeout=30) as connection:
        for part in parts:
            connection.sendall(part)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read().decode(), answer.headers


def head(server, *lines, first=f"POST {SECRETS} HTTP/1.1", host="127.0.0.1"):
    authorization = f"Authorization: Bearer {server.token}"
    hosts = [] if host is None else [f"Host: {host}"]
    return "\r\n".join([first, *hosts, authorization, *lines, "", ""]).encode()


@pytest.fixture
def raw_refused(shared_server):
    """As `refused`, for raw requests; some do not get as far as a problem."""

    def send(statuses, *parts):
        before = shared_server.vault.rows_but_uses()
        status, body, headers = raw(shared_server, *parts)
        assert status in statuses, body
        assert shared_server.vault.rows_but_uses() == before
        for place in (body, str(headers), shared_server.log.read_text()):
            assert CANARY.lower() not in place.lower()
        assert shared_server.request("GET", "/healthz").status_code == 200

    return send


def test_a_declared_size_over_1_mib_is_refused_before_the_body(shared_server, raw_refused):
    raw_refused({413}, head(shared_server, "Content-Type: application/json", "Content-Length: 9999999999"))


def test_chunks_over_1_mib_are_refused_before_the_last(shared_server, raw_refused):
    lines = ["Content-Type: application/json", "Transfer-Encoding: chunked"]
    chunk = b"%x\r\n%b\r\n" % (MEBIBYTE // 4, CANARY.encode().ljust(MEBIBYTE // 4))
    raw_refused({413}, head(shared_server, *lines), *[chunk] * 4, b"1\r\n \r\n")


def test_a_header_over_16_kib_is_refused(shared_server, raw_refused):
    large = f"X-Canary: {CANARY.ljust(17 << 10, 'x')}"
    raw_refused({400, 431}, head(shared_server, large, first=f"GET {SECRETS} HTTP/1.1"))


def test_a_request_names_one_host(shared_server, raw_refused):
    get = f"GET {SECRETS}?{CANARY} HTTP/1.1"
    raw_refused({400, 403}, head(shared_server, first=get, host=None))
    raw_refused({400, 403}, head(shared_server, f"Host: {CANARY}.example", first=get))


def test_a_request_presents_one_token(shared_server, raw_refused):
    raw_refused({400, 401}, head(shared_server, f"Authorization: Bearer {CANARY}", first=f"GET {SECRETS} HTTP/1.1"))


def test_what_is_not_http_is_refused(raw_refused):
    raw_refused({400}, f"{CANARY}\r\n\r\n".encode())

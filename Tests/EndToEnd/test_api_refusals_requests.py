"""What requests are refused for where they go and whence they come: paths, queries, states, hosts, origins."""

import sqlite3
from contextlib import closing
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import pytest

from api_refusals import (
    CANARY,
    JSON,
    MEBIBYTE,
    ONE_SECRET,
    PROJECTS,
    SECRETS,
    create,
    locations,
    log_without_canary,
    new_secret,
    project,
    refused,
    token,
)

# Paths and queries

BAD_IDS = {
    "text": CANARY,
    "number": "1",
    "no hyphens": "550e8400e29b41d4a716446655440000",
    "hyphens elsewhere": "550e840-0e29b-41d4-a716-446655440000",
    "cut short": "550e8400-e29b-41d4-a716-44665544000",
    "too long": "550e8400-e29b-41d4-a716-4466554400000",
    "not hexadecimal": "550e8400-e29b-41d4-a716-44665544000g",
    "full-width digit": "550e8400-e29b-41d4-a716-44665544000０",
    "braces": "{550e8400-e29b-41d4-a716-446655440000}",
    "URN": "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "line break at the end": "550e8400-e29b-41d4-a716-446655440000\n",
    "space first": " 550e8400-e29b-41d4-a716-446655440000",
    "NUL at the end": "550e8400-e29b-41d4-a716-446655440000\0",
    "quote": f"' OR '{CANARY}' = '{CANARY}",
}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("bad", BAD_IDS.values(), ids=BAD_IDS)
def test_an_id_that_is_no_uuid_is_refused(refused, method, bad):
    body = {"default_available": True} if method == "PATCH" else None
    answer = refused(422, method, f"{SECRETS}/{quote(bad)}", json=body)
    assert locations(answer.json()) == ["path.id"]


def test_an_id_that_is_not_utf_8_is_refused(refused):
    refused(422, "GET", f"{SECRETS}/%ff{CANARY}")


BAD_QUERIES = {
    "limit": ["", "0", "1001", "-1", "+1", "1.0", "1e1", " 1", "0x1", "٣", "99999999999999999999", "null", CANARY],
    "cursor": ["", "0", "8000000000000000", "000000000000000g", "00000000000000001", "0000000000000001\n", CANARY],
    "project_id": ["", "null", *BAD_IDS.values()],
}


@pytest.mark.parametrize("name, bad", [(name, bad) for name, all in BAD_QUERIES.items() for bad in all])
def test_a_bad_query_is_refused(refused, name, bad):
    answer = refused(422, "GET", SECRETS, params={name: bad})
    assert locations(answer.json()) == [f"query.{name}"]


def test_all_breaches_of_a_query_are_named_at_once(refused):
    answer = refused(422, "GET", SECRETS, params={"limit": CANARY, "cursor": CANARY, "project_id": CANARY})
    assert locations(answer.json()) == ["query.cursor", "query.limit", "query.project_id"]


@pytest.mark.parametrize(
    "path",
    [
        "/", "/api", "/api/v1", "/api/v2/secrets", "/API/V1/SECRETS", "/openapi.yaml", f"/{CANARY}", f"/api/v1/{CANARY}",
        f"{ONE_SECRET}/value", f"{ONE_SECRET}/{CANARY}", f"{PROJECTS}/{CANARY}",
    ],
)
@pytest.mark.parametrize("with_token", [True, False], ids=["token", "no token"])
def test_an_unknown_path_is_refused(refused, path, with_token):
    more = {} if with_token else {"token": None}
    refused(404, "GET", path, **more)
    refused(404, "POST", path, json=new_secret(), **more)


METHODS = {
    SECRETS: {"GET", "POST"},
    ONE_SECRET: {"GET", "PATCH", "DELETE"},
    f"{SECRETS}/{CANARY}": {"GET", "PATCH", "DELETE"},
    PROJECTS: {"GET", "POST"},
    "/healthz": {"GET"},
    "/openapi.json": {"GET"},
}


@pytest.mark.parametrize("path", METHODS)
@pytest.mark.parametrize("with_token", [True, False], ids=["token", "no token"])
def test_other_methods_are_refused_and_the_allowed_ones_named(refused, path, with_token):
    more = {} if with_token else {"token": None}
    for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - METHODS[path]):
        answer = refused(405, method, f"{path}?{CANARY}", json=new_secret(), **more)
        assert set(answer.headers["Allow"].split(", ")) - {"HEAD"} == METHODS[path]


# What is there, and what is not


def test_a_taken_name_is_refused(shared_server, refused):
    secret = create(shared_server)
    refused(409, "POST", SECRETS, json=new_secret(name=secret["name"]), hidden=secret["name"])
    refused(409, "POST", SECRETS, json=new_secret(name=secret["name"]))


def test_a_taken_project_id_is_refused(shared_server, refused):
    taken = project(shared_server)
    for sent in (taken, taken.upper()):
        refused(409, "POST", PROJECTS, json={"id": sent, "name": CANARY})
    refused(409, "POST", PROJECTS, json={"id": taken}, hidden=taken)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_secret_is_refused(refused, method):
    body = {"default_available": True, CANARY: CANARY} if method == "PATCH" else None
    refused(404, method, f"{ONE_SECRET}?{CANARY}", json=body)


def test_an_unknown_project_is_refused(refused):
    refused(403, "GET", SECRETS, params={"project_id": str(uuid4()), "unknown": CANARY})
    refused(403, "POST", SECRETS, json=new_secret(project_id=str(uuid4())))


def test_the_personal_scope_is_no_project(shared_server, refused, token):
    with closing(sqlite3.connect(f"file:{shared_server.vault.path}?mode=ro", uri=True)) as database:
        (vault_id,) = database.execute("SELECT vault_id FROM vault").fetchone()
    personal = str(UUID(bytes=vault_id))
    limited, _ = token("--project", project(shared_server))
    for sent_with in (shared_server.token, limited):
        refused(403, "GET", SECRETS, params={"project_id": personal}, token=sent_with, hidden=personal)
        refused(403, "POST", SECRETS, json=new_secret(project_id=personal), token=sent_with)


# Hosts and origins


@pytest.mark.parametrize(
    "host",
    [
        "", f"{CANARY}.example", f"{CANARY}.example:8080", "127.0.0.1.example", "localhost.example", "notlocalhost",
        "10.0.0.1", "128.0.0.1", "0.0.0.0", "169.254.169.254", "[::]", "[fe80::1]", "[::1].example", "::1",
        "127.0.0.256", "127.0.0.1:x", "localhost:80:80", "example:127.0.0.1",
        "user@localhost", "localhost@example", "localhost, example", "localhost/",
    ],
)
@pytest.mark.parametrize("path", [SECRETS, "/healthz", f"/{CANARY}"])
def test_a_foreign_host_is_refused(refused, host, path):
    refused(403, "GET", path, headers={"Host": host})


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", f"http://{CANARY}.example", "http://{host}.example", "http://user@{host}", "https://{host}",
        "http://localhost", "http://127.0.0.1", "http://127.0.0.1:1", "http://{host}/", "http://{host}, http://{host}",
        "{host}", "file://", "chrome-extension://a",
    ],
)
def test_a_foreign_origin_is_refused(shared_server, refused, origin):
    headers = {"Origin": origin.format(host=urlsplit(shared_server.base).netloc)}
    refused(403, "POST", SECRETS, json=new_secret(), headers=headers)
    refused(403, "OPTIONS", SECRETS, headers=headers | {"Access-Control-Request-Method": "POST"})


# The order of the checks


def test_what_is_wrong_first_is_refused_first(shared_server, refused, token):
    reader, _ = token("--read-only")
    taken = create(shared_server)["name"]
    large, plain = CANARY.ljust(MEBIBYTE + 1), {"Content-Type": "text/plain"}
    foreign = {"Host": f"{CANARY}.example"}
    refused(403, "PUT", f"/{CANARY}", token=None, data=large, headers=plain | foreign)
    refused(404, "PUT", f"/{CANARY}", token=None, data=large, headers=plain)
    refused(405, "PUT", SECRETS, token=None, data=large, headers=plain)
    refused(401, "POST", SECRETS, token=None, data=large, headers=plain)
    refused(415, "POST", SECRETS, token=reader, data=large, headers=plain)
    refused(413, "POST", SECRETS, token=reader, data=large, headers=JSON)
    refused(400, "POST", SECRETS, token=reader, data=CANARY, headers=JSON)
    refused(422, "POST", SECRETS, token=reader, json={"name": taken})
    refused(403, "POST", SECRETS, token=reader, json=new_secret(name=taken))
    refused(409, "POST", SECRETS, json=new_secret(name=taken))

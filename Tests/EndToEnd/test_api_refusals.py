"""What the API refuses: each with its status and a problem, the vault as it was, and nothing sent repeated.

The canary is in every part of a request in turn, and always in a header; no answer and no line of the log has it.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import sqlite3
import time
from contextlib import closing
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import pytest

from conftest import PASSPHRASE

CANARY = "CANARY_5E7A91"
MEBIBYTE = 1 << 20
SECRETS, PROJECTS = "/api/v1/secrets", "/api/v1/projects"
ONE_SECRET = f"{SECRETS}/550e8400-e29b-41d4-a716-446655440000"
JSON = {"Content-Type": "application/json"}

SLUGS = {
    400: "not-json",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
}


def new_secret(**fields):
    return {"name": CANARY, "value": CANARY} | fields


def filled(unit, length):
    """The canary, then so many repetitions as make up the length in code points."""
    return (CANARY + unit * length)[:length]


def check_problem(answer, status):
    """Everything a refusal promises about its answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ("Allow" in answer.headers) == (status == 405)
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    problem = answer.json()
    assert problem.keys() == {"type", "title", "status", "detail"} | ({"errors"} if status == 422 else set())
    assert problem["type"] == f"urn:coffer:problem:{SLUGS[status]}"
    assert problem["status"] == status
    assert problem["title"] and problem["detail"]
    for error in problem.get("errors", []):
        assert error.keys() == {"location", "message"}
        assert error["location"] and error["message"]
    return problem


def locations(problem):
    return sorted(error["location"] for error in problem["errors"])


@pytest.fixture
def refused(shared_server):
    """Sends what must be refused, and gives the answer once it and the vault have been looked at."""

    def send(status, method, path, hidden=CANARY, headers=None, **more):
        before = shared_server.vault.rows()
        answer = shared_server.request(method, path, headers={"X-Canary": CANARY} | (headers or {}), **more)
        check_problem(answer, status)
        assert shared_server.vault.rows() == before
        for place in (answer.text, str(answer.headers), shared_server.log.read_text()):
            assert hidden.lower() not in place.lower()
        return answer

    return send


@pytest.fixture(scope="module", autouse=True)
def log_without_canary(shared_server):
    """Reads the log once more at the end, when every line has been written."""
    yield
    assert CANARY.lower() not in shared_server.log.read_text().lower()


@pytest.fixture
def token(shared_server):
    """Makes a token, and gives it with the name to revoke it by."""

    def make(*options, vault=shared_server.vault):
        name = f"token {uuid4()}"
        return vault.ok("token", "create", "--name", name, *options).decode().strip(), name

    return make


def create(server, **fields):
    answer = server.request("POST", SECRETS, json={"name": f"NAME_{uuid4().hex.upper()}", "value": "v"} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def project(server):
    return server.request("POST", PROJECTS, json={}).json()["project"]["id"]


# Names and values

BAD_NAMES = {
    "empty": "",
    "line break at the end": CANARY + "\n",
    "carriage return at the end": CANARY + "\r\n",
    "line break inside": CANARY + "\n" + CANARY,
    "lower case": CANARY.lower(),
    "one lower-case letter": CANARY + "x",
    "129 characters": filled("A", 129),
    "digit first": "1" + CANARY,
    "underscore first": "_" + CANARY,
    "space first": " " + CANARY,
    "hyphen": CANARY + "-A",
    "equals sign": CANARY + "=A",
    "Arabic digits": CANARY + "١٢٣",
    "full-width digits": CANARY + "１２３",
    "mathematical digits": CANARY + "𝟏𝟐𝟑",
    "full-width letters": "ＣＡＮＡＲＹ" + CANARY,
    "Greek letter": "Α" + CANARY,
    "Kelvin sign": CANARY + "\u212a",
    "letter with accent": CANARY + "É",
    "combining accent": CANARY + "E\u0301",
    "combining accent first": "\u0301" + CANARY,
    "zero-width joiner": CANARY + "\u200d",
    "byte order mark first": "\ufeff" + CANARY,
    "NUL": CANARY + "\0",
    "null": None,
    "number": 1,
    "truth": True,
    "list": [CANARY],
    "object": {CANARY: CANARY},
}

BAD_VALUES = {
    "empty": "",
    "10,001 letters": filled("x", 10_001),
    "10,001 characters of 4 bytes": filled("𝄞", 10_001),
    "10,001 code points of 5,001 characters": "e\u0301" * 5_000 + "e",
    "10,001 code points of one character": "e" + "\u0301" * 10_000,
    "10,001 code points of line breaks": "\r\n" * 5_000 + "x",
    "NUL first": "\0" + CANARY,
    "NUL inside": CANARY + "\0" + CANARY,
    "NUL at the end": CANARY + "\0",
    "NUL alone": "\0",
    "null": None,
    "number": 1,
    "truth": False,
    "list": [CANARY],
    "object": {CANARY: CANARY},
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_bad_name_is_refused(refused, name):
    answer = refused(422, "POST", SECRETS, json=new_secret(name=name))
    assert locations(answer.json()) == ["body.name"]


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_bad_value_is_refused(refused, value):
    answer = refused(422, "POST", SECRETS, json=new_secret(value=value))
    assert locations(answer.json()) == ["body.value"]


@pytest.mark.parametrize("length", [1, 128])
def test_a_name_up_to_the_limit_is_accepted(shared_server, length):
    name = uuid4().hex.upper().translate(str.maketrans("0123456789", "GHIJKLMNOP")).ljust(length, "_")[:length]
    secret = create(shared_server, name=name, project_id=project(shared_server))
    assert secret["name"] == name


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000, "𝄞" * 10_000, "e\u0301" * 5_000, "e" + "\u0301" * 9_999, "\r\n" * 5_000],
    ids=["letters", "4 bytes each", "combining accents", "one character", "line breaks"],
)
def test_a_value_of_10_000_code_points_is_accepted(shared_server, value):
    secret = create(shared_server, value=value)
    assert shared_server.vault.ok("reveal", secret["id"]) == value.encode()


# Bodies

NOT_JSON = {
    "empty": b"",
    "spaces": b"  \r\n",
    "text": CANARY.encode(),
    "form": f"name={CANARY}&value={CANARY}".encode(),
    "cut short": f'{{"name":"{CANARY}","value":"{CANARY}"'.encode(),
    "single quotes": f"{{'name':'{CANARY}','value':'{CANARY}'}}".encode(),
    "bare name": f'{{name:"{CANARY}","value":"{CANARY}"}}'.encode(),
    "comma at the end": f'{{"name":"{CANARY}","value":"{CANARY}",}}'.encode(),
    "text after the end": f'{{"name":"{CANARY}","value":"{CANARY}"}}{CANARY}'.encode(),
    "two objects": f'{{"name":"{CANARY}","value":"{CANARY}"}}{{}}'.encode(),
    "comment": f'{{"name":"{CANARY}","value":"{CANARY}"}}//{CANARY}'.encode(),
    "not a number": f'{{"name":"{CANARY}","value":NaN}}'.encode(),
    "line break within a string": f'{{"name":"{CANARY}","value":"{CANARY}\n"}}'.encode(),
    "unknown escape": f'{{"name":"{CANARY}","value":"{CANARY}\\x41"}}'.encode(),
    "high surrogate alone": f'{{"name":"{CANARY}","value":"{CANARY}\\ud800"}}'.encode(),
    "low surrogate alone": f'{{"name":"{CANARY}","value":"\\udc00{CANARY}"}}'.encode(),
    "surrogates the wrong way round": f'{{"name":"{CANARY}","value":"{CANARY}\\udd1e\\ud834"}}'.encode(),
    "two high surrogates": f'{{"name":"{CANARY}","value":"{CANARY}\\ud834\\ud834"}}'.encode(),
    "surrogate in the name": f'{{"name":"{CANARY}\\ud800","value":"{CANARY}"}}'.encode(),
    "surrogate in UTF-8": f'{{"name":"{CANARY}","value":"{CANARY}'.encode() + b'\xed\xa0\x80"}',
    "Latin-1": f'{{"name":"{CANARY}","value":"{CANARY}é"}}'.encode("latin-1"),
    "overlong NUL": f'{{"name":"{CANARY}","value":"{CANARY}'.encode() + b'\xc0\x80"}',
    "UTF-16": f'{{"name":"{CANARY}","value":"{CANARY}"}}'.encode("utf-16-le"),
    "UTF-32": f'{{"name":"{CANARY}","value":"{CANARY}"}}'.encode("utf-32-be"),
    "100,000 brackets": b"[" * 100_000,
    "100,000 pairs of brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"name":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 brackets in a field of no meaning":
        f'{{"name":"{CANARY}","value":"{CANARY}","x":'.encode() + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_a_body_that_is_not_json_is_refused(shared_server, refused, body):
    refused(400, "POST", SECRETS, data=body, headers=JSON)
    assert shared_server.request("GET", "/healthz").status_code == 200


@pytest.mark.parametrize("path", [ONE_SECRET, PROJECTS])
def test_other_bodies_must_be_json_as_well(refused, path):
    refused(400, "POST" if path == PROJECTS else "PATCH", path, data=CANARY, headers=JSON)


@pytest.mark.parametrize("body", [[new_secret()], [], CANARY, "", 1, 1.5, True, None], ids=repr)
@pytest.mark.parametrize("method, path", [("POST", SECRETS), ("PATCH", ONE_SECRET), ("POST", PROJECTS)])
def test_a_body_that_is_no_object_is_refused(refused, method, path, body):
    answer = refused(422, method, path, data=json.dumps(body), headers=JSON)
    assert locations(answer.json()) == ["body"]


def test_a_pair_of_surrogates_is_one_code_point(shared_server):
    body = json.dumps({"name": f"PAIRS_{uuid4().hex.upper()}", "value": "𝄞" * 10_000})
    assert "\\ud834\\udd1e" in body
    answer = shared_server.request("POST", SECRETS, data=body, headers=JSON)
    assert answer.status_code == 201
    assert shared_server.vault.ok("reveal", answer.json()["id"]).decode() == "𝄞" * 10_000


SECRET_BREACHES = {
    "nothing": ({}, ["name", "value"]),
    "no value": ({"name": CANARY}, ["value"]),
    "no name": ({"value": CANARY}, ["name"]),
    "names in another case": ({"Name": CANARY, "VALUE": CANARY}, ["name", "value"]),
    "flags as text": (
        new_secret(created_by_agent="true", default_available=CANARY),
        ["created_by_agent", "default_available"],
    ),
    "flags as numbers": (
        new_secret(created_by_agent=0, default_available=1),
        ["created_by_agent", "default_available"],
    ),
    "nulls": (
        new_secret(created_by_agent=None, default_available=None, project_id=None),
        ["created_by_agent", "default_available", "project_id"],
    ),
    "project that is no UUID": (new_secret(project_id=CANARY), ["project_id"]),
    "project that is a number": (new_secret(project_id=1), ["project_id"]),
    "project in braces": (new_secret(project_id="{550e8400-e29b-41d4-a716-446655440000}"), ["project_id"]),
    "everything": (
        {"name": CANARY.lower(), "value": "", "created_by_agent": CANARY, "default_available": [], "project_id": CANARY},
        ["created_by_agent", "default_available", "name", "project_id", "value"],
    ),
}


@pytest.mark.parametrize("body, fields", SECRET_BREACHES.values(), ids=SECRET_BREACHES)
def test_all_breaches_of_a_new_secret_are_named_at_once(refused, body, fields):
    answer = refused(422, "POST", SECRETS, json=body)
    assert locations(answer.json()) == [f"body.{field}" for field in fields]


@pytest.mark.parametrize(
    "body",
    [{}, {CANARY: CANARY}, {"Default_Available": True}]
    + [{"default_available": wrong} for wrong in ("true", CANARY, 0, 1, [True], {})],
    ids=repr,
)
def test_an_update_needs_its_flag(refused, body):
    answer = refused(422, "PATCH", ONE_SECRET, json=body)
    assert locations(answer.json()) == ["body.default_available"]


PROJECT_BREACHES = {
    "id that is no UUID": ({"id": CANARY}, ["id"]),
    "null id": ({"id": None, "name": CANARY}, ["id"]),
    "name of 129": ({"name": filled("𝄞", 129)}, ["name"]),
    "null name": ({"name": None, "settings_md": CANARY}, ["name"]),
    "name with NUL": ({"name": CANARY + "\0"}, ["name"]),
    "settings of 100,001": ({"settings_md": filled("x", 100_001)}, ["settings_md"]),
    "settings with NUL": ({"settings_md": CANARY + "\0"}, ["settings_md"]),
    "tags that are no list": ({"tags": CANARY}, ["tags"]),
    "21 tags": ({"tags": [CANARY] * 21}, ["tags"]),
    "bad tags": (
        {"tags": [CANARY, "", filled("𝄞", 33), CANARY + "\0"]},
        ["tags[1]", "tags[2]", "tags[3]"],
    ),
    "tags that are no strings": ({"tags": [CANARY, 1, None]}, ["tags"]),
    "everything": (
        {"id": 1, "name": CANARY + "\0", "settings_md": 1, "tags": 1},
        ["id", "name", "settings_md", "tags"],
    ),
}


@pytest.mark.parametrize("body, fields", PROJECT_BREACHES.values(), ids=PROJECT_BREACHES)
def test_all_breaches_of_a_new_project_are_named_at_once(refused, body, fields):
    answer = refused(422, "POST", PROJECTS, json=body)
    assert locations(answer.json()) == [f"body.{field}" for field in fields]


def test_a_project_at_every_limit_is_accepted(shared_server):
    body = {"name": "𝄞" * 128, "settings_md": "é" * 100_000, "tags": ["𝄞" * 32] * 20}
    answer = shared_server.request("POST", PROJECTS, json=body)
    assert answer.status_code == 201
    assert answer.json()["project"].items() >= body.items()


# Sizes and kinds


@pytest.mark.parametrize("method, path", [("POST", SECRETS), ("PATCH", ONE_SECRET), ("POST", PROJECTS)])
@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_a_body_over_1_mib_is_refused(refused, method, path, chunked):
    body = json.dumps(new_secret(default_available=True)).encode().ljust(MEBIBYTE + 1)
    refused(413, method, path, data=iter([body[:-1], body[-1:]]) if chunked else body, headers=JSON)


@pytest.mark.parametrize("chunked", [False, True], ids=["declared", "chunked"])
def test_a_body_of_1_mib_is_accepted(shared_server, chunked):
    body = json.dumps({"name": f"LARGE_{uuid4().hex.upper()}", "value": "v"}).encode().ljust(MEBIBYTE)
    answer = shared_server.request("POST", SECRETS, data=iter([body]) if chunked else body, headers=JSON)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "kind",
    [
        None, "", CANARY, "text/plain", "text/plain; application/json", "text/json", "application/*",
        "application/jsonx", "application/json-patch+json", "application/merge-patch+json",
        "application/octet-stream", "application/x-www-form-urlencoded", f"multipart/form-data; boundary={CANARY}",
    ],
)
@pytest.mark.parametrize("method, path", [("POST", SECRETS), ("PATCH", ONE_SECRET), ("POST", PROJECTS)])
def test_a_body_must_be_declared_as_json(refused, method, path, kind):
    body = json.dumps(new_secret(default_available=True)).encode()
    refused(415, method, path, data=body, headers={} if kind is None else {"Content-Type": kind})


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


# Tokens


def encode(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def signed(header, payload, key, algorithm=hashlib.sha256):
    text = f"{encode(header)}.{payload}"
    return f"{text}.{encode(hmac.digest(key, text.encode(), algorithm))}"


def other(letter):
    return "B" if letter == "A" else "A"


HS256, HS512 = {"alg": "HS256", "typ": "JWT"}, {"alg": "HS512", "typ": "JWT"}

FORGERIES = {
    "alg none": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}.",
    "alg none, without the last dot": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}",
    "alg none, with the signature": lambda h, p, s: f"{encode({'alg': 'none', 'typ': 'JWT'})}.{p}.{s}",
    "alg nOnE": lambda h, p, s: f"{encode({'alg': 'nOnE', 'typ': 'JWT'})}.{p}.",
    "no alg": lambda h, p, s: f"{encode({'typ': 'JWT'})}.{p}.{s}",
    "HS512 with the signature": lambda h, p, s: f"{encode(HS512)}.{p}.{s}",
    "HS512 with an empty key": lambda h, p, s: signed(HS512, p, b"", hashlib.sha512),
    "RS256 with the signature": lambda h, p, s: f"{encode({'alg': 'RS256', 'typ': 'JWT'})}.{p}.{s}",
    "an empty key": lambda h, p, s: signed(HS256, p, b""),
    "a key of zeros": lambda h, p, s: signed(HS256, p, bytes(32)),
    "the passphrase as the key": lambda h, p, s: signed(HS256, p, PASSPHRASE.encode()),
    "a key of its own in the header": lambda h, p, s: signed(HS256 | {"jwk": {"kty": "oct", "k": "AA"}}, p, b"\0"),
    "no signature": lambda h, p, s: f"{h}.{p}.",
    "two parts": lambda h, p, s: f"{h}.{p}",
    "one part": lambda h, p, s: h,
    "four parts": lambda h, p, s: f"{h}.{p}.{s}.{s}",
    "signature cut by one character": lambda h, p, s: f"{h}.{p}.{s[:-1]}",
    "signature cut in half": lambda h, p, s: f"{h}.{p}.{s[:21]}",
    "another signature": lambda h, p, s: f"{h}.{p}.{other(s[0])}{s[1:]}",
    "another header": lambda h, p, s: f"{encode(decode(h) | {'x': CANARY})}.{p}.{s}",
    "later expiry": lambda h, p, s: f"{h}.{encode(decode(p) | {'exp': 9_999_999_999})}.{s}",
    "another name": lambda h, p, s: f"{h}.{encode(decode(p) | {'sub': CANARY})}.{s}",
    "payload that is not JSON": lambda h, p, s: f"{h}.{encode(CANARY.encode())}.{s}",
    "text": lambda h, p, s: CANARY,
    "text in three parts": lambda h, p, s: f"{CANARY}.{CANARY}.{CANARY}",
    "two dots": lambda h, p, s: "..",
    "nothing": lambda h, p, s: "",
    "two tokens": lambda h, p, s: f"{h}.{p}.{s} {h}.{p}.{s}",
    "8,000 characters": lambda h, p, s: CANARY * 600,
}


def check_challenge(answer, presented=True):
    assert answer.headers["WWW-Authenticate"] == ('Bearer error="invalid_token"' if presented else "Bearer")


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(shared_server, refused, forge):
    forged = forge(*shared_server.token.split("."))
    assert forged != shared_server.token
    answer = refused(401, "POST", SECRETS, token=forged, json=new_secret())
    check_challenge(answer)
    assert len(forged) < 3 or forged not in answer.text + shared_server.log.read_text()


def test_the_signature_of_another_token_is_refused(shared_server, refused, token):
    theirs, _ = token("--read-only")
    mixed = ".".join([*shared_server.token.split(".")[:2], theirs.split(".")[2]])
    check_challenge(refused(401, "POST", SECRETS, token=mixed, json=new_secret()))


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", SECRETS), ("POST", SECRETS), ("GET", ONE_SECRET), ("PATCH", ONE_SECRET), ("DELETE", ONE_SECRET),
        ("GET", PROJECTS), ("POST", PROJECTS),
    ],
)
def test_nothing_works_without_a_token(refused, method, path):
    body = new_secret(default_available=True) if method in ("POST", "PATCH") else None
    check_challenge(refused(401, method, f"{path}?access_token={CANARY}", token=None, json=body), presented=False)


@pytest.mark.parametrize(
    "credentials",
    ["{}", "Basic {}", "Digest {}", "Token {}", "Bearer", "Bearer{}", "Bearer={}", "Bearer, Bearer {}"],
)
def test_a_token_counts_as_bearer_only(shared_server, refused, credentials):
    headers = {"Authorization": credentials.format(shared_server.token)}
    check_challenge(refused(401, "GET", SECRETS, token=None, headers=headers))


def test_a_token_in_the_query_or_a_cookie_is_not_read(shared_server, refused):
    headers = {"Cookie": f"token={shared_server.token}; Authorization=Bearer {shared_server.token}"}
    answer = refused(401, "GET", f"{SECRETS}?access_token={shared_server.token}&{CANARY}", token=None, headers=headers)
    check_challenge(answer, presented=False)


@pytest.mark.parametrize("bad", ["", CANARY, "coffer_sk_", "coffer_sk_" + "A" * 32, "neo_sk_" + "A" * 32])
def test_an_unknown_api_key_is_refused(refused, bad):
    answer = refused(401, "GET", f"{SECRETS}?{CANARY}", token=None, headers={"X-Api-Key": bad})
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_api_key_cut_short_is_refused(refused, token):
    key, _ = token("--api-key")
    for bad in (key[:-1], key + "A", key.removeprefix("coffer_sk_"), key.upper(), f"Bearer {key}"):
        check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": bad}, hidden=bad))


def test_token_and_api_key_do_not_stand_in_for_each_other(shared_server, refused, token):
    key, _ = token("--api-key")
    check_challenge(refused(401, "GET", SECRETS, token=key, hidden=key))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": shared_server.token}))


def test_a_good_key_does_not_make_up_for_a_bad_token(refused, token):
    key, _ = token("--api-key")
    check_challenge(refused(401, "GET", SECRETS, token=CANARY, headers={"X-Api-Key": key}))


def test_a_revoked_token_is_refused_at_once(shared_server, refused, token):
    for kind in ([], ["--api-key"]):
        revoked, name = token(*kind)
        headers = {"X-Api-Key": revoked} if kind else {"Authorization": f"Bearer {revoked}"}
        assert shared_server.request("GET", SECRETS, token=None, headers=headers).status_code == 200
        shared_server.vault.ok("token", "revoke", name)
        check_challenge(refused(401, "GET", SECRETS, token=None, headers=headers, hidden=revoked))


def test_an_expired_token_is_refused(refused, token):
    key, _ = token("--expires", "1s", "--api-key")
    expired, _ = token("--expires", "1s")
    expiry = decode(expired.split(".")[1])["exp"]
    assert expiry <= time.time() + 1
    time.sleep(max(0, expiry - time.time() + 0.05))
    check_challenge(refused(401, "GET", SECRETS, token=expired, hidden=expired))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": key}, hidden=key))


def test_a_token_of_another_vault_is_refused(vault, refused, token):
    foreign, _ = token(vault=vault)
    key, _ = token("--api-key", vault=vault)
    check_challenge(refused(401, "GET", SECRETS, token=foreign, hidden=foreign))
    check_challenge(refused(401, "GET", SECRETS, token=None, headers={"X-Api-Key": key}, hidden=key))


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


# Requests that no client library sends


def raw(server, *parts):
    """Sends bytes as they are, and reads one answer."""
    host, port = urlsplit(server.base).hostname, urlsplit(server.base).port
    with socket.create_connection((host, port), timeout=10) as connection:
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
        before = shared_server.vault.rows()
        status, body, headers = raw(shared_server, *parts)
        assert status in statuses, body
        assert shared_server.vault.rows() == before
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

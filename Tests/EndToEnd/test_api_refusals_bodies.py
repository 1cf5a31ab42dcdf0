"""What bodies are refused: names and values, JSON, schemas, sizes and kinds."""

import json
from uuid import uuid4

import pytest

from api_refusals import (
    CANARY,
    JSON,
    MEBIBYTE,
    ONE_SECRET,
    PROJECTS,
    SECRETS,
    create,
    filled,
    locations,
    log_without_canary,
    new_secret,
    project,
    refused,
)

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

"""The API answers as the hosted one does: its two published requests word for word, then every operation."""

import itertools
import json
import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from uuid import uuid4

import pytest
import requests

from conftest import REPOSITORY, serve, stop

HOSTED = "https://neo.api.projectdiscovery.io"

CREATE_SECRET = """
curl --request POST \\
  --url https://neo.api.projectdiscovery.io/api/v1/secrets \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '
{
  "default_available": true,
  "name": "GITHUB_TOKEN",
  "value": "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
'
"""

UPDATE_SECRET_METADATA = """
curl --request PATCH \\
  --url https://neo.api.projectdiscovery.io/api/v1/secrets/{id} \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '
{
  "default_available": true
}
'
"""

PERSONAL_FIELDS = {
    "default_available", "id", "masked_value", "name", "created_at", "created_by_agent", "updated_at",
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = "%Y-%m-%dT%H:%M:%SZ"


def fresh_name():
    return f"NAME_{uuid4().hex.upper()}"


def create(server, status=201, **fields):
    """Creates a secret, with a name of its own unless told one."""
    body = {"name": fresh_name(), "value": "a value of some length"} | fields
    answer = server.request("POST", "/api/v1/secrets", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def get(server, path, status=200, **more):
    answer = server.request("GET", path, **more)
    assert answer.status_code == status, answer.text
    return answer.json()


def names(answer):
    return [secret["name"] for secret in answer["secrets"]]


def create_token(server, *options):
    name = f"token {uuid4()}"
    return server.vault.ok("token", "create", "--name", name, *options).decode().removesuffix("\n")


def create_project(server, **fields):
    answer = server.request("POST", "/api/v1/projects", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["project"]


@pytest.fixture
def project(shared_server):
    """The id of a project that no other test uses."""
    return create_project(shared_server)["id"]


# The published requests


def run_published(request, server, **parts):
    command = request.replace(HOSTED, server.base).replace("<token>", server.token)
    for name, part in parts.items():
        command = command.replace("{" + name + "}", part)
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_the_published_create_request_works(shared_server):
    secret = run_published(CREATE_SECRET, shared_server)
    assert secret["name"] == "GITHUB_TOKEN"
    assert secret["default_available"] is True
    assert secret["masked_value"] == "ghp••••••••xxxx"
    assert shared_server.vault.ok("reveal", secret["id"]) == b"ghp_" + b"x" * 36


def test_the_published_update_request_works(shared_server):
    secret = create(shared_server)
    updated = run_published(UPDATE_SECRET_METADATA, shared_server, id=secret["id"])
    assert updated["default_available"] is True
    assert get(shared_server, f"/api/v1/secrets/{secret['id']}") == updated


# Secrets


def test_a_personal_secret_has_exactly_the_hosted_fields_without_project_id(shared_server):
    secret = create(shared_server, name="PERSONAL")
    assert secret.keys() == PERSONAL_FIELDS
    assert UUID.fullmatch(secret["id"])
    assert secret["name"] == "PERSONAL"
    assert secret["default_available"] is False
    assert secret["created_by_agent"] is False


def test_a_project_secret_names_its_project(shared_server, project):
    secret = create(shared_server, project_id=project, created_by_agent=True, default_available=True)
    assert secret.keys() == PERSONAL_FIELDS | {"project_id"}
    assert secret["project_id"] == project
    assert secret["default_available"] is True
    assert secret["created_by_agent"] is True


def test_every_operation_answers_with_the_same_metadata(shared_server, project):
    secret = create(shared_server, project_id=project)
    assert get(shared_server, f"/api/v1/secrets/{secret['id']}") == secret
    assert get(shared_server, f"/api/v1/secrets?project_id={project}")["secrets"] == [secret]


def test_times_are_utc_to_the_second(shared_server):
    before = datetime.now(timezone.utc).timestamp() - 2  # the clock of time(2) lags a little
    secret = create(shared_server)
    created = datetime.strptime(secret["created_at"], TIME).replace(tzinfo=timezone.utc)
    assert len(secret["created_at"]) == len("2023-11-07T05:31:56Z")
    assert before <= created.timestamp() <= time.time()
    assert secret["updated_at"] == secret["created_at"]


@pytest.mark.parametrize(
    "value, mask",
    [
        ("x", "••••••••"),
        ("fifteen letters", "••••••••"),
        ("sixteen letters!", "six••••••••ers!"),
        ("𝄞𝄞𝄞 four-byte 𝄞𝄞𝄞𝄞", "𝄞𝄞𝄞••••••••𝄞𝄞𝄞𝄞"),
        ("a\nb line breaks c\r\nd", "a•b••••••••c••d"),
        ("\x01\x1b\x7f controls \x85\t\x9fz", "••••••••••••••z"),
    ],
    ids=["1 character", "15 characters", "16 characters", "4 bytes each", "line breaks", "control characters"],
)
def test_the_mask_shows_first_three_and_last_four_at_most(shared_server, value, mask):
    assert create(shared_server, value=value)["masked_value"] == mask


@pytest.mark.parametrize(
    "value",
    [" spaces ", "quotes ' \" ` \\ $HOME", "lines\r\n\tand more\n", "ünï ©ödé 𝄞 e\u0301", "\ufeff"],
    ids=["spaces", "quotes", "line breaks", "other scripts", "byte order mark"],
)
def test_a_value_comes_back_byte_for_byte(shared_server, value):
    secret = create(shared_server, value=value)
    assert shared_server.vault.ok("reveal", secret["id"]) == value.encode()


def test_a_list_is_in_order_of_creation(shared_server, project):
    created = [create(shared_server, project_id=project) for _ in range(4)]
    answer = get(shared_server, f"/api/v1/secrets?project_id={project}")
    assert answer == {"secrets": created, "count": 4}


def test_an_empty_list_is_a_list(shared_server, project):
    assert get(shared_server, f"/api/v1/secrets?project_id={project}") == {"secrets": [], "count": 0}


def test_the_personal_list_holds_no_project_secret(shared_server, project):
    personal, shared = create(shared_server), create(shared_server, project_id=project)
    ids = [secret["id"] for secret in get(shared_server, "/api/v1/secrets")["secrets"]]
    assert personal["id"] in ids
    assert shared["id"] not in ids


@pytest.mark.parametrize("limit, pages", [(1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (4, [4]), (1000, [4])])
def test_pages_hold_every_secret_once(shared_server, project, limit, pages):
    created = [create(shared_server, project_id=project)["name"] for _ in range(4)]
    seen, counts, cursor = [], [], ""
    while cursor is not None:
        answer = get(shared_server, f"/api/v1/secrets?project_id={project}&limit={limit}{cursor}")
        seen += names(answer)
        counts.append(answer["count"])
        cursor = f"&cursor={answer['next_cursor']}" if "next_cursor" in answer else None
    assert (seen, counts) == (created, pages)


def test_a_cursor_outlives_deletions_and_sees_additions(shared_server, project):
    path = f"/api/v1/secrets?project_id={project}"
    created = [create(shared_server, project_id=project) for _ in range(5)]
    first = get(shared_server, f"{path}&limit=2")
    for gone in created[1:3]:
        assert shared_server.request("DELETE", f"/api/v1/secrets/{gone['id']}").status_code == 200
    added = create(shared_server, project_id=project)
    rest = get(shared_server, f"{path}&cursor={first['next_cursor']}")
    assert rest == {"secrets": [created[3], created[4], added], "count": 3}


def test_a_name_is_unique_within_its_scope_only(shared_server, project):
    name = fresh_name()
    create(shared_server, name=name)
    create(shared_server, name=name, project_id=project)
    create(shared_server, name=name, status=409)
    create(shared_server, name=name, project_id=project, status=409)


@pytest.mark.parametrize("flag", [True, False])
def test_an_update_sets_the_flag_and_null_leaves_it(shared_server, flag):
    secret = create(shared_server, default_available=not flag)
    path = f"/api/v1/secrets/{secret['id']}"
    for sent in (flag, None):
        answer = shared_server.request("PATCH", path, json={"default_available": sent})
        assert answer.status_code == 200
        assert answer.json() == get(shared_server, path)
        assert answer.json() | {"updated_at": ""} == secret | {"default_available": flag, "updated_at": ""}
        assert answer.json()["updated_at"] >= secret["updated_at"]


def test_unknown_fields_are_ignored(shared_server):
    secret = create(shared_server, id=str(uuid4()), masked_value="mine", nested={"deep": [{}]})
    assert secret.keys() == PERSONAL_FIELDS
    body = {"default_available": None, "name": "RENAMED", "value": "another"}
    answer = shared_server.request("PATCH", f"/api/v1/secrets/{secret['id']}", json=body)
    assert answer.status_code == 200
    assert answer.json()["name"] == secret["name"]
    assert answer.json()["masked_value"] == secret["masked_value"]


def test_a_deleted_secret_is_gone_and_its_name_free(shared_server):
    secret = create(shared_server)
    path = f"/api/v1/secrets/{secret['id']}"
    answer = shared_server.request("DELETE", path)
    assert (answer.status_code, answer.json()) == (200, {"deleted": True, "id": secret["id"]})
    for method, body in [("GET", None), ("PATCH", {"default_available": True}), ("DELETE", None)]:
        assert shared_server.request(method, path, json=body).status_code == 404
    assert create(shared_server, name=secret["name"])["id"] != secret["id"]


def test_ids_are_understood_in_upper_case_and_answered_in_lower(shared_server, project):
    secret = create(shared_server, project_id=project.upper())
    assert secret["project_id"] == project
    path = f"/api/v1/secrets/{secret['id'].upper()}"
    assert get(shared_server, path) == secret
    assert names(get(shared_server, f"/api/v1/secrets?project_id={project.upper()}")) == [secret["name"]]
    assert shared_server.request("DELETE", path).json() == {"deleted": True, "id": secret["id"]}


# Projects


def test_a_project_has_the_hosted_fields_that_mean_something_here(shared_server):
    chosen = str(uuid4())
    sent = {"id": chosen.upper(), "name": "Website", "settings_md": "# Staging\n\nonly", "tags": ["web", "ünï"]}
    project = create_project(shared_server, **sent)
    assert datetime.strptime(project["created_at"], TIME)
    assert project == sent | {
        "id": chosen,
        "created_at": project["created_at"],
        "updated_at": project["created_at"],
        "is_owner": True,
        "member_count": 1,
        "shared_with_team": False,
    }


@pytest.mark.parametrize("sent", [{}, {"name": ""}])
def test_a_project_needs_no_name(shared_server, sent):
    project = create_project(shared_server, **sent)
    assert UUID.fullmatch(project["id"])
    assert (project["name"], project["settings_md"], project["tags"]) == ("Untitled project", "", [])


def test_projects_are_listed_in_order_of_creation(shared_server):
    created = [create_project(shared_server, name=f"Project {n}") for n in range(3)]
    answer = get(shared_server, "/api/v1/projects")
    assert answer["count"] == len(answer["projects"])
    assert [p for p in answer["projects"] if p in created] == created


# Tokens


def test_a_token_is_printed_alone(shared_server):
    assert create_token(shared_server).count(".") == 2
    assert re.fullmatch(r"coffer_sk_[A-Za-z0-9_-]{32}", create_token(shared_server, "--api-key"))


def test_the_scheme_is_understood_in_any_case(shared_server):
    for scheme in ("bearer", "BEARER"):
        get(shared_server, "/api/v1/secrets", token=None, headers={"Authorization": f"{scheme} {shared_server.token}"})


def test_an_api_key_is_as_good_as_a_token(shared_server):
    key = create_token(shared_server, "--api-key")
    headers = {"X-Api-Key": key}
    body = {"name": fresh_name(), "value": "v"}
    answer = shared_server.request("POST", "/api/v1/secrets", token=None, headers=headers, json=body)
    assert answer.status_code == 201
    get(shared_server, f"/api/v1/secrets/{answer.json()['id']}", token=None, headers=headers)


def test_authorization_counts_when_both_are_sent(shared_server):
    get(shared_server, "/api/v1/secrets", headers={"X-Api-Key": "no key"})


@pytest.mark.parametrize("kind", ["token", "key"])
def test_a_read_only_token_reads_and_changes_nothing(shared_server, kind):
    secret = create(shared_server)
    token = create_token(shared_server, "--read-only", *(["--api-key"] if kind == "key" else []))
    headers = {"X-Api-Key": token} if kind == "key" else {"Authorization": f"Bearer {token}"}
    for path in ("/api/v1/secrets", f"/api/v1/secrets/{secret['id']}", "/api/v1/projects"):
        get(shared_server, path, token=None, headers=headers)
    before = shared_server.vault.rows_but_uses()
    for method, path, body in [
        ("POST", "/api/v1/secrets", {"name": fresh_name(), "value": "v"}),
        ("PATCH", f"/api/v1/secrets/{secret['id']}", {"default_available": True}),
        ("PATCH", f"/api/v1/secrets/{uuid4()}", {"default_available": True}),
        ("DELETE", f"/api/v1/secrets/{secret['id']}", None),
        ("POST", "/api/v1/projects", {}),
    ]:
        answer = shared_server.request(method, path, token=None, headers=headers, json=body)
        assert answer.status_code == 403, (method, path)
    assert shared_server.vault.rows_but_uses() == before


def test_a_token_for_projects_covers_nothing_else(shared_server, project):
    other = create_project(shared_server)["id"]
    mine = create(shared_server, project_id=project)
    foreign = [create(shared_server), create(shared_server, project_id=other)]
    token = create_token(shared_server, "--project", project)

    def status(method, path, body=None):
        return shared_server.request(method, path, token=token, json=body).status_code

    assert status("GET", f"/api/v1/secrets?project_id={project}") == 200
    assert status("GET", f"/api/v1/secrets?project_id={other}") == 403
    assert status("GET", "/api/v1/secrets") == 403
    for scope, expected in [({"project_id": project}, 201), ({"project_id": other}, 403), ({}, 403)]:
        assert status("POST", "/api/v1/secrets", {"name": fresh_name(), "value": "v"} | scope) == expected
    for secret in foreign:
        for method, body in [("GET", None), ("PATCH", {"default_available": True}), ("DELETE", None)]:
            assert status(method, f"/api/v1/secrets/{secret['id']}", body) == 404
    assert get(shared_server, "/api/v1/projects", token=token)["count"] == 1
    assert get(shared_server, "/api/v1/projects", token=token)["projects"][0]["id"] == project
    assert status("POST", "/api/v1/projects", {}) == 403
    for method, body in [("GET", None), ("PATCH", {"default_available": True}), ("DELETE", None)]:
        assert status(method, f"/api/v1/secrets/{mine['id']}", body) == 200


def test_a_token_may_cover_several_projects(shared_server, project):
    covered = [project, create_project(shared_server)["id"]]
    token = create_token(shared_server, "--project", covered[0], "--project", covered[1])
    assert [p["id"] for p in get(shared_server, "/api/v1/projects", token=token)["projects"]] == covered


# The server


def test_the_server_says_without_a_token_that_it_is_there_and_what_it_can_do(shared_server):
    assert get(shared_server, "/healthz", token=None) == {"status": "ok"}
    document = json.loads((REPOSITORY / "Sources" / "SecretsServer" / "openapi.json").read_text())
    assert get(shared_server, "/openapi.json", token=None) == document


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/api/v1/secrets", "/api/v1/projects"])
def test_no_answer_is_stored_guessed_at_or_shared_with_other_origins(shared_server, path):
    answer = shared_server.request("GET", path)
    assert answer.headers["Content-Type"].partition(";")[0] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8080", "127.0.0.1", "127.1.2.3:1", "[::1]", "[::1]:65535"])
def test_any_name_of_loopback_is_a_good_host_and_its_own_origin(shared_server, host):
    get(shared_server, "/api/v1/secrets", headers={"Host": host, "Origin": f"http://{host}"})


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_json_may_be_declared_with_parameters(shared_server, kind):
    body = json.dumps({"name": fresh_name(), "value": "v"})
    answer = shared_server.request("POST", "/api/v1/secrets", data=body, headers={"Content-Type": kind})
    assert answer.status_code == 201


def test_one_of_many_writers_of_a_name_wins(shared_server, project):
    name, together = fresh_name(), threading.Barrier(16)

    def write(number):
        together.wait(timeout=30)
        body = {"name": name, "value": f"value {number}", "project_id": project}
        return shared_server.request("POST", "/api/v1/secrets", json=body).status_code

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(write, range(16))) == [201] + [409] * 15
    assert names(get(shared_server, f"/api/v1/secrets?project_id={project}")) == [name]


def test_a_shutdown_under_load_loses_no_acknowledged_write(server):
    acknowledged, enough = [], threading.Event()

    def write(number):
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {server.token}"
            for n in itertools.count():
                body = {"name": f"LOAD_{number}_{n}", "value": "v"}
                try:
                    answer = session.post(f"{server.base}/api/v1/secrets", json=body, timeout=30)
                except requests.RequestException:
                    return
                if answer.status_code != 201:
                    return
                acknowledged.append(body["name"])
                if len(acknowledged) > 100:
                    enough.set()

    with ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, number) for number in range(8)]
        assert enough.wait(timeout=30)
        stop(server)
    assert [writer.exception() for writer in writers] == [None] * 8

    again = serve(server.vault, token_name="again")
    try:
        stored = names(get(again, "/api/v1/secrets"))
    finally:
        stop(again)
    assert set(acknowledged) <= set(stored)
    assert len(stored) <= len(acknowledged) + 8, "at most one write of each writer was under way"


def test_a_request_is_logged_without_what_it_carried(server):
    canary = uuid4().hex
    name, value = f"LOGGED_{canary.upper()}", f"value {canary}"
    secret = create(server, name=name, value=value)
    get(server, f"/api/v1/secrets/{secret['id']}?unknown={canary}", headers={"X-Canary": canary})

    def logged(*words):
        return any(all(word in line for word in words) for line in server.log.read_text().splitlines())

    deadline = time.monotonic() + 30
    while not logged("GET", f"/api/v1/secrets/{secret['id']}", "200", "tests"):
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.02)
    assert logged("POST", "/api/v1/secrets", "201", "tests")
    log = server.log.read_text()
    assert canary not in log.lower()
    assert server.token not in log


def test_neither_name_nor_value_is_readable_on_disk(server):
    name, value = fresh_name(), f"value {uuid4()}"
    create(server, name=name, value=value, project_id=create_project(server, name=f"Project {name}")["id"])
    read = [path for path in server.vault.folder.rglob("*") if path.is_file()]
    assert server.vault.path in read
    for path in read:
        content = path.read_bytes()
        assert name.encode() not in content, path
        assert value.encode() not in content, path

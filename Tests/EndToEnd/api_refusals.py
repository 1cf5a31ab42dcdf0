"""What the tests of the API's refusals share: requests with a canary in every part, and what must be true of each answer."""

from uuid import uuid4

import pytest

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
        before = shared_server.vault.rows_but_uses()
        answer = shared_server.request(method, path, headers={"X-Canary": CANARY} | (headers or {}), **more)
        check_problem(answer, status)
        assert shared_server.vault.rows_but_uses() == before
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

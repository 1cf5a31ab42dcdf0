"""Tokens over their life: how they are listed, when they were used, what becomes of them once they have ended."""

import contextlib
import json
import sqlite3
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest

from clocks import clock  # noqa: F401
from conftest import PROGRAM, first_line
from tampering import change

def listed(vault, *options, env=None):
    """The tokens of `token list`, by name."""
    return {t["name"]: t for t in json.loads(vault.ok("token", "list", "--json", *options, env=env))["tokens"]}


def eventually(condition, seconds=30):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
    return found


def test_a_list_tells_the_hour_of_the_last_use_once_a_server_has_let_the_token_in(vault, server):
    vault.ok("token", "create", "--name", "idle")
    assert "last_used_at" not in listed(vault)["tests"]
    begin = datetime.now(timezone.utc)
    # Refused, but by what the token may do: it was used all the same.
    assert server.request("GET", "/api/v1/secrets/00000000-0000-4000-8000-000000000000").status_code == 404
    used = eventually(lambda: listed(vault)["tests"].get("last_used_at"))
    hour = datetime.fromisoformat(used)
    assert (hour.minute, hour.second) == (0, 0)
    assert begin - timedelta(hours=1) < hour <= datetime.now(timezone.utc)
    assert "last_used_at" not in listed(vault)["idle"]
    rows = [line.split("\t") for line in vault.ok("token", "list").decode().splitlines()]
    assert [(row[0], row[4]) for row in rows] == [("tests", used), ("idle", "-")]
    assert vault.ok("audit", "--kind", "token-created").count(b"\n") == vault.ok("audit").count(b"\n") - 1


def test_a_list_names_the_projects_and_json_has_their_ids(vault):
    web, gone = [vault.ok("project", "create", name).decode().strip() for name in ("web", "gone")]
    vault.ok("token", "create", "--name", "ci", "--project", "web", "--project", "gone")
    vault.ok("token", "create", "--name", "any")
    vault.ok("project", "delete", "gone")
    everything = vault.ok("project", "create", "all").decode().strip()
    vault.ok("token", "create", "--name", "some", "--project", "all")
    told = {row.split("\t")[0]: row.split("\t")[3] for row in vault.ok("token", "list").decode().splitlines()}
    assert sorted(told["ci"].split(",")) == sorted(["web", gone]) and told["any"] == "all"
    # A name that would read as something else does not.
    assert told["some"] == everything
    assert sorted(listed(vault)["ci"]["projects"]) == sorted([web, gone]) and "projects" not in listed(vault)["any"]


def test_what_is_refused_does_not_count_as_a_use(vault, server):
    forged = server.token[:-4] + "AAAA"
    assert server.request("GET", "/api/v1/secrets", token=forged).status_code == 401
    assert server.request("GET", "/healthz").status_code == 200
    # Whatever was to be noted of those would have been noted before this one.
    vault.ok("token", "create", "--name", "other")
    assert "last_used_at" not in listed(vault)["tests"]


def test_a_request_is_answered_while_another_program_writes(vault, server):
    """What is to be noted of the token is left out, and tried again later."""
    with contextlib.closing(sqlite3.connect(vault.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            assert server.request("GET", "/api/v1/secrets").status_code == 200
        other.execute("ROLLBACK")
    assert server.request("POST", "/api/v1/secrets", json={"name": "AFTER", "value": "value"}).status_code == 201


def test_a_revoked_token_is_refused_by_a_running_server_and_listed_with_all(vault, server):
    assert server.request("GET", "/api/v1/secrets").status_code == 200
    vault.ok("token", "revoke", "tests")
    assert server.request("GET", "/api/v1/secrets").status_code == 401
    assert listed(vault) == {}
    revoked = listed(vault, "--all")["tests"]
    assert revoked["state"] == "revoked"
    assert revoked["created_at"] <= revoked["revoked_at"] <= revoked["expires_at"]
    assert vault.ok("token", "list") == b""
    assert vault.ok("token", "list", "--all").split(b"\t")[6] == b"revoked"
    done = vault.run("token", "revoke", "tests")
    assert (done.returncode, done.stdout) == (66, b"")
    # By its id neither.
    assert vault.run("token", "revoke", revoked["id"]).returncode == 66


def test_a_damaged_token_keeps_neither_another_nor_itself_from_being_revoked(vault, server):
    vault.ok("token", "create", "--name", "other")
    damaged = listed(vault)["other"]["id"]
    change(vault.path, "UPDATE tokens SET sealed_details = zeroblob(length(sealed_details)) WHERE sequence = 2")
    assert server.request("GET", "/api/v1/secrets").status_code == 200
    assert vault.run("token", "revoke", "tests").stderr == b"coffer: revoked tests\n"
    assert server.request("GET", "/api/v1/secrets").status_code == 401
    assert vault.run("token", "list").returncode == 76
    assert vault.run("token", "revoke", "other").returncode == 66
    assert vault.run("token", "revoke", damaged).stderr == f"coffer: revoked {damaged}\n".encode()
    assert listed(vault) == {}


def test_the_name_of_a_token_that_has_ended_is_free(vault, clock):  # noqa: F811
    vault.ok("token", "create", "--name", "ci", "--expires", "1d")
    assert vault.run("token", "create", "--name", "ci").returncode == 73
    later = clock(2)
    vault.ok("token", "create", "--name", "ci", "--expires", "5d", env=later)
    assert vault.ok("token", "list", "--all", env=later).decode().split("\n")[0].split("\t")[6] == "expired"
    # The good one is meant, not its predecessor.
    vault.ok("token", "revoke", "ci", env=later)
    states = [t["state"] for t in json.loads(vault.ok("token", "list", "--all", "--json", env=later))["tokens"]]
    assert states == ["expired", "revoked"]
    vault.ok("token", "create", "--name", "ci", env=later)
    assert listed(vault, env=later)["ci"]["state"] == "good"


@pytest.mark.parametrize("by", ["create", "revoke", "serve"])
def test_what_ended_30_days_ago_is_removed_by_the_next_command_about_tokens(vault, clock, by):  # noqa: F811
    vault.ok("token", "create", "--name", "revoked")
    vault.ok("token", "create", "--name", "expired", "--expires", "1h")
    vault.ok("token", "create", "--name", "good", "--expires", "90d")
    vault.ok("token", "create", "--name", "other", "--expires", "90d")
    vault.ok("token", "revoke", "revoked")

    def act(days, name):
        env = clock(days)
        if by == "serve":
            with subprocess.Popen(
                [PROGRAM, "serve", "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=vault.environment(**env),
            ) as process:
                assert first_line(process).startswith("listening on ")
                process.terminate()
                assert process.wait(timeout=20) == 0
        elif by == "create":
            vault.ok("token", "create", "--name", name, env=env)
        else:
            vault.ok("token", "revoke", name, env=env)

    act(29.9, "other" if by == "revoke" else "early")
    assert {"revoked", "expired", "good"} <= listed(vault, "--all").keys()
    act(30.1, "good" if by == "revoke" else "late")
    assert not {"revoked", "expired"} & listed(vault, "--all").keys()
    assert "good" in listed(vault, "--all")
    pruned, = json.loads(vault.ok("audit", "--json", "--kind", "tokens-pruned"))["events"]
    assert [subject["name"] for subject in pruned["subjects"]] == ["revoked", "expired"]
    assert vault.ok("audit", "--kind", "tokens-pruned").decode().split("\t")[3] == "2 ended tokens removed"
    vault.ok("verify")

"""`coffer audit`: what was done, by whom, to which secrets; logged before a value is shown, and without any value."""

import json
import os
import pwd
import re
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from conftest import PROGRAM, serve, stop
from tampering import change
from test_cli_broken_vaults import MODES_APPLY, disk, fill  # noqa: F401
from test_cli_refusals import CANARY, INPUT_OUTPUT, USAGE, WRONG_PASSPHRASE, check_refusal
from test_cli_terminal import unlock

DAMAGED = 76
USER = pwd.getpwuid(os.getuid()).pw_name
VALUE = "CANARY-of-a-value"


def log(vault, *arguments):
    """The rows of the log: number, time, who, what, the secrets."""
    return [line.split("\t") for line in vault.ok("audit", *arguments).decode().splitlines()]


def done(vault, *arguments):
    """What was done, and to which secrets."""
    return [tuple(row[3:]) for row in log(vault, *arguments)]


def events(vault, *arguments):
    return json.loads(vault.ok("audit", "--json", *arguments))["events"]


def test_every_command_that_reads_a_value_or_changes_something_is_logged(vault):
    sh = ["sh", "-c", f"exit 0 # {VALUE}"]
    vault.ok("project", "create", "web")
    vault.ok("add", "A", "--default-available", input=VALUE)
    vault.ok("add", "B", "--project", "web", input=VALUE)
    vault.ok("reveal", "A")
    vault.ok("run", "--project", "web", "--secret", "B", "--", *sh)
    vault.ok("run", "--no-redact", "--", *sh)
    vault.ok("export")
    vault.ok("inject", input="{{$A}}")
    vault.ok("import", "-", "--format", "dotenv", "--on-conflict", "replace", input=f"A={VALUE}2\nC={VALUE}\n")
    vault.ok("update", "C", "--rename", "D")
    vault.ok("rotate", "D", input=VALUE + "3")
    vault.ok("reveal", "D", "--version", "1")
    vault.ok("restore-version", "D", "1")
    vault.ok("delete", "D")
    vault.ok("token", "create", "--name", "ci")
    vault.ok("token", "revoke", "ci")
    vault.ok("project", "delete", "web", "--with-secrets")
    shell = subprocess.run(["sh", "-c", "command -v sh"], capture_output=True, text=True).stdout.strip()
    assert done(vault) == [
        ("vault created", ""), ("project web created", ""), ("created", "A"), ("created", "B"), ("revealed", "A"),
        (f"run {shell}", "A,B"), (f"run {shell}", "A"), ("exported", "A"), ("injected", "A"), ("imported", "A,C"),
        ("updated", "D"), ("rotated", "D"), ("revealed", "D"), ("version 1 restored", "D"), ("deleted", "D"),
        ("token ci created", ""), ("token ci revoked", ""), ("project web deleted", "")]
    assert {row[2] for row in log(vault)} == {USER}
    assert [row[0] for row in log(vault)] == [str(n) for n in range(1, 19)]
    for form in ([], ["--json"]):
        assert VALUE not in vault.ok("audit", *form).decode()


def test_what_reads_no_value_and_changes_nothing_is_not_logged(vault):
    vault.ok("add", "A", "--default-available", input=VALUE)
    before = vault.rows()
    for command in (
            "list", "show A", "show A --versions", "run --explain", "project list", "token list", "verify", "audit",
            "audit --json", "status", "audit prune --keep 100"):
        vault.ok(*command.split())
    vault.ok("import", "-", "--dry-run", "--format", "dotenv", input="B=value")
    for command in ("reveal B", "rotate B", "delete B", "add A", "project delete web", "token revoke ci"):
        assert vault.run(*command.split(), input="value").returncode != 0
    assert vault.rows() == before


def test_requests_that_change_something_are_logged_by_their_token(vault):
    server = serve(vault, token_name="agent")
    try:
        secret = server.request("POST", "/api/v1/secrets", json={"name": "A", "value": VALUE}).json()
        path = f"/api/v1/secrets/{secret['id']}"
        server.request("PATCH", path, json={"default_available": True})
        server.request("POST", "/api/v1/projects", json={"name": "web"})
        for unchanging in (path, "/api/v1/secrets", "/api/v1/projects"):
            assert server.request("GET", unchanging).status_code == 200
        assert server.request("POST", "/api/v1/secrets", json={"name": "A", "value": VALUE}).status_code == 409
        assert server.request("DELETE", path).status_code == 200
    finally:
        stop(server)
    rows = log(vault)
    assert [tuple(row[3:]) for row in rows] == [
        ("vault created", ""), ("token agent created", ""), ("created", "A"), ("updated", "A"),
        ("project web created", ""), ("deleted", "A")]
    assert [row[2] for row in rows] == [USER, USER] + ["token agent"] * 4
    assert events(vault)[2]["actor"] == {"kind": "token", "name": "agent"}


def test_an_event_in_json_has_all_that_is_known(vault):
    vault.ok("project", "create", "web")
    vault.ok("add", "A", "--project", "web", input=VALUE)
    vault.ok("run", "--project", "web", "--secret", "A", "--", "true", "an argument")
    text = vault.ok("audit", "--json")
    document = json.loads(text)
    assert text.count(b"\n") == 1 and text.endswith(b"\n")
    assert document["count"] == len(document["events"]) == 4
    event = document["events"][-1]
    project = json.loads(vault.ok("project", "list", "--json"))["projects"][0]["id"]
    secret = json.loads(vault.ok("show", "A", "--project", "web", "--json"))["id"]
    assert datetime.now(timezone.utc) - datetime.fromisoformat(event.pop("time")) < timedelta(minutes=10)
    assert event.pop("program").endswith("/true")
    assert event == {
        "sequence": 4, "kind": "run", "actor": {"kind": "user", "name": USER},
        "subjects": [{"kind": "secret", "id": secret, "name": "A", "project_id": project, "value_version": 1}]}


def test_a_user_s_terminal_is_logged_and_people_get_a_table(vault):
    for name in "ABCDE":
        vault.ok("add", name, input=VALUE)
    assert unlock(vault, "export", "--all", "-o", str(vault.folder / "env")).end() == 0
    dialogue = unlock(vault, "audit")
    assert dialogue.end() == 0
    lines = [line for line in dialogue.shown.splitlines() if re.match(r"SEQ|\d", line)]
    assert re.fullmatch(r"SEQ  TIME +ACTOR +WHAT +SECRETS", lines[0])
    assert re.fullmatch(rf"7    \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ  {USER} pts/\d+  exported +A,B,C and 2 more", lines[-1])
    assert len({line.index(word) for line, word in zip(lines[1:], ["vault", *["created"] * 5, "exported"])}) == 1
    assert done(vault)[-1] == ("exported", "A,B,C,D,E")


# Filters


def moment(**ago):
    return (datetime.now(timezone.utc) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_filters_each_let_pass_what_they_say(vault):
    server = serve(vault, token_name="ci")
    server.request("POST", "/api/v1/secrets", json={"name": "A", "value": VALUE})
    stop(server)
    vault.ok("add", "B", input=VALUE)
    vault.ok("update", "A", "--rename", "C")
    vault.ok("export", "--all")
    id = json.loads(vault.ok("show", "C", "--json"))["id"]
    everything = done(vault)
    assert done(vault, "--secret", "A") == [("created", "A")]
    assert done(vault, "--secret", "C") == [("updated", "C"), ("exported", "B,C")]
    assert done(vault, "--secret", id.upper()) == [("created", "A"), ("updated", "C"), ("exported", "B,C")]
    assert done(vault, "--actor", "ci") == [("created", "A")]
    assert done(vault, "--actor", USER, "--kind", "created", "--kind", "updated") == [("created", "B"), ("updated", "C")]
    assert done(vault, "--kind", "token-created") == [("token ci created", "")]
    for since in ("1h", moment(hours=1), moment(hours=25).replace("Z", "-00:00")):
        assert done(vault, "--since", since) == everything
        assert done(vault, "--until", since) == []
    assert done(vault, "--since", "2h", "--until", "1h") == []
    assert done(vault, "--since", moment(hours=-1)) == []
    assert done(vault, "--until", moment(hours=-1), "--kind", "exported") == [("exported", "B,C")]
    assert events(vault, "--secret", "NONE") == []
    assert json.loads(vault.ok("audit", "list", "--json", "--kind", "run")) == {"events": [], "count": 0}


def test_times_are_those_of_the_events(vault):
    vault.ok("add", "A", input=VALUE)
    time = log(vault)[0][1]
    assert done(vault, "--since", time) == done(vault)
    assert ("vault created", "") not in done(vault, "--until", time)


@pytest.mark.parametrize(
    "arguments",
    ["--since yesterday", "--since 2026-01-02", "--until 2h2", f"--until {CANARY}", f"--kind {CANARY}", "--secret",
     f"{CANARY}", f"list {CANARY}", "prune", "prune --keep 1 --older-than 1d", "prune --keep=-1", "prune --keep x",
     f"prune --older-than {CANARY}", "prune --older-than 0d"])
def test_a_wrong_command_line_is_refused(vault, arguments):
    before = vault.rows()
    check_refusal(vault.run("audit", *arguments.split()), USAGE)
    assert vault.rows() == before


# Retention


def test_the_last_events_are_kept_and_the_rest_goes(vault):
    for name in "ABC":
        vault.ok("add", name, input=VALUE)
    assert vault.run("audit", "prune", "--keep", "2").stderr == b"coffer: removed 2 events\n"
    assert done(vault) == [("created", "B"), ("created", "C"), ("2 events removed", "")]
    assert log(vault)[0][0] == "3"
    assert vault.ok("verify").endswith(b" 3 events, epoch 5\n")
    assert vault.run("audit", "prune", "--keep", "9").stderr == b"coffer: removed 0 events\n"
    assert vault.run("audit", "prune", "--keep", "0").stderr == b"coffer: removed 3 events\n"
    assert done(vault) == [("3 events removed", "")]
    assert vault.ok("verify").endswith(b" 1 event, epoch 6\n")


def test_old_events_are_removed_by_their_age(vault):
    vault.ok("add", "A", input=VALUE)
    assert vault.run("audit", "prune", "--older-than", "1d").stderr == b"coffer: removed 0 events\n"
    assert len(done(vault)) == 2
    while log(vault)[-1][1] >= moment(seconds=1):
        pass
    assert vault.run("audit", "prune", "--older-than", "1s").stderr == b"coffer: removed 2 events\n"


# What was changed without the key


@pytest.mark.parametrize(
    "statement, words",
    [("DELETE FROM events WHERE sequence = 2", "row missing: event 2"),
     ("UPDATE events SET sealed_event = flip(sealed_event) WHERE sequence = 2", "row altered: event 2"),
     ("INSERT INTO events SELECT 5, sealed_event FROM events WHERE sequence = 2", "row added: event 5")])
def test_a_log_that_was_changed_is_neither_shown_nor_shortened(vault, statement, words):
    for name in "ABC":
        vault.ok("add", name, input=VALUE)
    change(vault.path, statement)
    before = vault.rows()
    for command in ("audit", "audit --json", "audit --follow", "audit prune --keep 1", "audit prune --older-than 1s"):
        assert words in check_refusal(vault.run(*command.split()), DAMAGED)
    assert vault.rows() == before


# Before a value is shown


@pytest.mark.parametrize("room", range(0, 112, 16))
def test_on_a_full_disk_no_value_is_shown_that_is_not_logged(disk, room):  # noqa: F811
    filler = fill(disk.path.parent, room)
    shown = []
    for command in ("reveal NAME", "export --all", "run --all -- sh -c env", "inject"):
        done = disk.run(*command.split(), input="{{$NAME}}")
        if done.returncode == 0:
            shown.append(command.split()[0])
        else:
            assert done.returncode == (125 if command.startswith("run") else INPUT_OUTPUT), done.stderr
            assert done.stdout == b"" and b"value" not in done.stderr
    assert room > 0 or shown == []
    filler.unlink()
    kinds = {"revealed": "reveal", "exported": "export", "run": "run", "injected": "inject"}
    assert [kinds[e["kind"]] for e in events(disk) if e["kind"] in kinds] == shown


def test_a_vault_that_cannot_be_written_shows_no_value(vault):
    if subprocess.run([*MODES_APPLY, "true"], capture_output=True).returncode != 0:
        pytest.skip("root cannot give up its rights here")
    vault.ok("add", "NAME", "--default-available", input=VALUE)
    before = vault.rows()
    vault.path.chmod(0o400)
    for command in ("reveal NAME", "export", "inject"):
        done = subprocess.run(
            [*MODES_APPLY, PROGRAM, *command.split()], env=vault.environment(), input=b"{{$NAME}}",
            capture_output=True, start_new_session=True, timeout=60)
        check_refusal(done, INPUT_OUTPUT)
    vault.path.chmod(0o600)
    assert vault.rows() == before


# Failed attempts


def test_failed_attempts_are_counted_and_logged_at_the_next_success(vault):
    vault.write_passphrase("wrong")
    for command in ("list", "reveal NAME", "verify"):
        check_refusal(vault.run(*command.split()), WRONG_PASSPHRASE)
    (count,) = (vault.folder / ".local" / "state" / "coffer").glob("*.failures")
    assert count.stat().st_mode & 0o777 == 0o600
    vault.__post_init__()
    assert done(vault)[1:] == [("3 failed unlocks", "")]
    assert not count.exists()
    assert done(vault)[1:] == [("3 failed unlocks", "")]
    assert events(vault, "--kind", "unlock-failed")[0]["number"] == 3


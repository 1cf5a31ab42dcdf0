"""`coffer verify`: what a good vault has, and what was done to one without its key, row by row."""

import json
import uuid
from dataclasses import dataclass

import pytest

from conftest import Vault
from tampering import change, put_back, rows
from test_cli_refusals import MESSAGE, check_refusal
from test_cli_terminal import unlock

DAMAGED, WRONG_PASSPHRASE = 76, 77
TABLES = ["secrets", "secret_versions", "scopes", "tokens", "events", "key_slots", "state"]


@dataclass
class Model:
    """A vault with something in every table, and what the tables had before."""

    content: bytes
    ids: dict
    before: dict


def secret_id(vault, name, *more):
    return json.loads(vault.ok("show", name, *more, "--json"))["id"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    vault = Vault(tmp_path_factory.mktemp("model")).init()
    for name in ("KEPT", "ROTATED", "DELETED"):
        vault.ok("add", name, input="value")
    for name in ("web", "old"):
        vault.ok("project", "create", name)
        vault.ok("token", "create", "--name", name)
    vault.ok("add", "SHARED", "--project", "web", input="value")
    ids = {name: secret_id(vault, name) for name in ("KEPT", "ROTATED", "DELETED")}
    ids |= {p["name"]: p["id"] for p in json.loads(vault.ok("project", "list", "--json"))["projects"]}
    ids |= {"token " + t["name"]: t["id"] for t in json.loads(vault.ok("token", "list", "--json"))["tokens"]}
    before = {table: rows(vault.path, table) for table in TABLES}
    vault.ok("rotate", "ROTATED", input="second value")
    before["secret_versions"] = rows(vault.path, "secret_versions")
    for number in range(3, 13):
        vault.ok("rotate", "ROTATED", input=f"value {number}")
    vault.ok("delete", "DELETED")
    vault.ok("project", "delete", "old")
    vault.ok("token", "revoke", "old")
    return Model(vault.path.read_bytes(), ids, before)


def copy(model, folder):
    """A copy of the model in a folder, on a machine that has not seen it before."""
    folder.mkdir(exist_ok=True)
    vault = Vault(folder)
    vault.path.parent.mkdir(mode=0o700)
    vault.path.write_bytes(model.content)
    return vault


@pytest.fixture
def tampered(tmp_path, model):
    """A vault to be changed."""
    return copy(model, tmp_path)


def verify(vault, *arguments):
    """What `verify` tells of a vault that is damaged, once it is known to have changed nothing."""
    before = vault.rows()
    done = vault.run("verify", *arguments)
    assert done.returncode == DAMAGED, done
    assert MESSAGE.fullmatch(done.stderr.decode()), done.stderr
    assert vault.rows() == before
    return done.stdout.decode()


def test_a_good_vault_is_counted(tampered):
    assert tampered.ok("verify") == (
        b"verified: 3 secrets, 10 former values, 1 project, 2 tokens, 1 key slot, 23 events, epoch 23\n")
    assert json.loads(tampered.ok("verify", "--json")) == {
        "ok": True, "epoch": 23, "damage": [],
        "counts": {"secrets": 3, "former_values": 10, "projects": 1, "tokens": 2, "key_slots": 1, "events": 23}}


def test_a_new_vault_is_counted(vault):
    assert vault.ok("verify") == (
        b"verified: 0 secrets, 0 former values, 0 projects, 0 tokens, 1 key slot, 1 event, epoch 1\n")


def identified(column, id):
    return f"{column} = x'{uuid.UUID(id).hex}'"


# What is done to which row, and what is said of it.
ROWS = {
    "secrets": ("secret_id", "KEPT", "secret"),
    "scopes": ("scope_id", "web", "scope"),
    "tokens": ("token_id", "token web", "token"),
}


@pytest.mark.parametrize("table", ROWS)
def test_a_deleted_row_is_missing(tampered, model, table):
    column, name, word = ROWS[table]
    change(tampered.path, f"DELETE FROM {table} WHERE {identified(column, model.ids[name])}")
    assert f"row missing: {word} {model.ids[name]}" in verify(tampered).splitlines()


def test_a_deleted_version_is_missing(tampered, model):
    change(tampered.path, "DELETE FROM secret_versions WHERE value_revision = 5")
    assert verify(tampered) == f"row missing: version 5 of secret {model.ids['ROTATED']}\n"


@pytest.mark.parametrize("sequence", [1, 7, 23])
def test_a_deleted_event_is_missing(tampered, sequence):
    change(tampered.path, f"DELETE FROM events WHERE sequence = {sequence}")
    assert verify(tampered) == f"row missing: event {sequence}\n"


def test_a_vault_without_key_slots_is_refused(tampered):
    change(tampered.path, "DELETE FROM key_slots")
    assert verify(tampered) == ""


@pytest.mark.parametrize("table, name", [("secrets", "DELETED"), ("scopes", "old")])
def test_a_deleted_row_that_is_put_back_is_added(tampered, model, table, name):
    id = uuid.UUID(model.ids[name]).bytes
    put_back(tampered.path, table, [row for row in model.before[table] if id in row[1:2]])
    assert verify(tampered) == f"row added: {ROWS[table][2]} {model.ids[name]}\n"


def test_a_revoked_token_that_is_put_back_as_it_was_is_replayed(tampered, model):
    id = uuid.UUID(model.ids["token old"]).bytes
    change(tampered.path, f"DELETE FROM tokens WHERE {identified('token_id', model.ids['token old'])}")
    put_back(tampered.path, "tokens", [row for row in model.before["tokens"] if id in row[1:2]])
    assert verify(tampered) == f"row replayed: token {model.ids['token old']}\n"


def test_a_version_that_is_put_back_is_added(tampered, model):
    put_back(tampered.path, "secret_versions", model.before["secret_versions"])
    assert verify(tampered) == f"row added: version 1 of secret {model.ids['ROTATED']}\n"


def test_an_event_that_is_put_back_is_added(tampered):
    events = rows(tampered.path, "events")
    tampered.ok("audit", "prune", "--keep", "20")
    put_back(tampered.path, "events", events[1:2])
    assert verify(tampered) == "row added: event 2\n"


def test_a_copy_of_an_event_is_added(tampered):
    change(tampered.path, "INSERT INTO events SELECT 24, sealed_event FROM events WHERE sequence = 23")
    assert verify(tampered).splitlines()[0] == "row added: event 24"


def test_a_copy_of_a_key_slot_is_added(tampered):
    change(
        tampered.path,
        "INSERT INTO key_slots SELECT 2, kind, operations, memory, salt, wrapped_root_key FROM key_slots")
    assert verify(tampered) == "row added: 1 of key_slots, which cannot be told\n"


def test_an_older_row_is_replayed(tampered, model):
    id = uuid.UUID(model.ids["ROTATED"]).bytes
    put_back(tampered.path, "secrets", [row for row in model.before["secrets"] if row[1] == id])
    assert f"row replayed: secret {model.ids['ROTATED']}" in verify(tampered).splitlines()


def test_older_metadata_are_replayed(tampered, model):
    older = rows(tampered.path, "secrets")
    tampered.ok("update", "KEPT", "--default-available", "true")
    put_back(tampered.path, "secrets", [row for row in older if row[1] == uuid.UUID(model.ids["KEPT"]).bytes])
    assert verify(tampered) == f"row replayed: secret {model.ids['KEPT']}\n"


def test_a_token_of_another_copy_of_the_vault_is_noticed(tampered, tmp_path, model):
    other = copy(model, tmp_path / "other")
    for vault in (tampered, other):
        vault.ok("token", "create", "--name", "new")
    put_back(tampered.path, "tokens", rows(other.path, "tokens")[-1:])
    said = verify(tampered)
    assert "row added: token " in said and "row missing: token " in said


def test_an_event_of_another_copy_of_the_vault_is_replayed(tampered, tmp_path, model):
    other = copy(model, tmp_path / "other")
    for vault in (tampered, other):
        vault.ok("add", "NEW", input="value")
    put_back(tampered.path, "events", rows(other.path, "events")[-1:])
    assert "row replayed: 1 of events, which cannot be told" in verify(tampered).splitlines()


def test_an_older_state_is_noticed(tampered, model):
    put_back(tampered.path, "state", model.before["state"])
    assert "row added: event 23" in verify(tampered).splitlines()


@pytest.mark.parametrize(
    "table, column, name, word",
    [("secrets", "sealed_metadata", "KEPT", "secret"), ("secrets", "sealed_value", "KEPT", "secret"),
     ("scopes", "sealed_details", "web", "scope"), ("scopes", "wrapped_scope_key", "web", "scope"),
     ("tokens", "sealed_details", "token web", "token")])
def test_an_altered_row_is_told(tampered, model, table, column, name, word):
    where = identified(ROWS[table][0], model.ids[name])
    change(tampered.path, f"UPDATE {table} SET {column} = flip({column}) WHERE {where}")
    assert f"row altered: {word} {model.ids[name]}" in verify(tampered).splitlines()


@pytest.mark.parametrize("column", ["sealed_version", "sealed_value"])
def test_an_altered_version_is_told(tampered, model, column):
    change(tampered.path, f"UPDATE secret_versions SET {column} = flip({column}) WHERE value_revision = 5")
    assert verify(tampered) == f"row altered: version 5 of secret {model.ids['ROTATED']}\n"


def test_an_altered_event_is_told(tampered):
    change(tampered.path, "UPDATE events SET sealed_event = flip(sealed_event) WHERE sequence = 7")
    assert verify(tampered) == "row altered: event 7\n"


def test_an_altered_state_is_told(tampered):
    change(tampered.path, "UPDATE state SET sealed_state = flip(sealed_state)")
    check_refusal(tampered.run("verify"), DAMAGED)


def test_an_altered_key_slot_looks_like_a_wrong_passphrase(tampered):
    change(tampered.path, "UPDATE key_slots SET wrapped_root_key = flip(wrapped_root_key)")
    check_refusal(tampered.run("verify"), WRONG_PASSPHRASE)


def test_all_damage_is_told_in_json(tampered, model):
    change(
        tampered.path, f"DELETE FROM tokens WHERE {identified('token_id', model.ids['token web'])}",
        "DELETE FROM secret_versions WHERE value_revision = 9",
        f"UPDATE secrets SET sealed_value = flip(sealed_value) WHERE {identified('secret_id', model.ids['KEPT'])}")
    report = json.loads(verify(tampered, "--json"))
    assert report["ok"] is False
    assert sorted(report["damage"], key=str) == [
        {"kind": "altered", "row": f"secret {model.ids['KEPT']}"},
        {"kind": "missing", "row": f"token {model.ids['token web']}"},
        {"kind": "missing", "row": f"version 9 of secret {model.ids['ROTATED']}"}]


@pytest.mark.parametrize("sequence", range(2, 8))
def test_a_row_whose_event_is_missing_is_not_taken_for_a_forged_one(tampered, model, sequence):
    change(
        tampered.path, f"DELETE FROM tokens WHERE {identified('token_id', model.ids['token web'])}",
        f"DELETE FROM events WHERE sequence = {sequence}")
    assert sorted(verify(tampered).splitlines()) == [
        "row missing: 1 of tokens, which cannot be told", f"row missing: event {sequence}"]


def test_a_server_does_not_start_on_a_damaged_vault(tampered, model):
    tampered.write_passphrase("wrong")
    check_refusal(tampered.run("list"), WRONG_PASSPHRASE)
    tampered.__post_init__()
    change(tampered.path, f"DELETE FROM secrets WHERE {identified('secret_id', model.ids['KEPT'])}")
    before = tampered.rows()
    said = check_refusal(tampered.run("serve", "--port", "0"), DAMAGED)
    assert f"row missing: secret {model.ids['KEPT']}" in said
    assert tampered.rows() == before


def test_a_server_tells_which_row_was_altered(tampered, model):
    where = identified("secret_id", model.ids["KEPT"])
    change(tampered.path, f"UPDATE secrets SET sealed_value = flip(sealed_value) WHERE {where}")
    assert f"row altered: secret {model.ids['KEPT']}" in check_refusal(tampered.run("serve", "--port", "0"), DAMAGED)


def test_a_damaged_vault_stays_as_it_is_after_failed_attempts(tampered):
    tampered.write_passphrase("wrong")
    check_refusal(tampered.run("verify"), WRONG_PASSPHRASE)
    tampered.__post_init__()
    change(tampered.path, "DELETE FROM secret_versions WHERE value_revision = 5")
    verify(tampered)


def test_progress_is_shown_on_a_terminal(vault):
    vault.ok("import", "-", "--format", "dotenv", input="".join(f"NAME_{n}=value\n" for n in range(600)))
    dialogue = unlock(vault, "verify")
    assert dialogue.end() == 0
    assert "coffer: verifying [" in dialogue.shown
    assert dialogue.shown.splitlines()[-1].endswith("verified: 600 secrets, 0 former values, 0 projects, 0 tokens, 1 key slot, 2 events, epoch 2")


def test_more_rows_than_there_should_be_do_not_upset_the_progress(vault):
    vault.ok("import", "-", "--format", "dotenv", input="".join(f"NAME_{n}=value\n" for n in range(600)))
    change(
        vault.path, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
        "INSERT INTO tokens SELECT i, randomblob(16), randomblob(100) FROM n")
    dialogue = unlock(vault, "verify")
    assert dialogue.end() == DAMAGED
    assert "coffer: verifying [" in dialogue.shown

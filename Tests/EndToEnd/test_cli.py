"""Every command does what its help says: shown by what it prints, and by what the next command finds."""

import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pexpect
import pytest

from conftest import LOWEST_KDF, PROGRAM

VALUE = "a value of some length"
MASK = "a v••••••••ngth"
BYTES = {
    "one character": b"x",
    "line break at the end": b"x\n",
    "PEM": b"-----BEGIN KEY-----\nMIIB\tAbEd==\n-----END KEY-----\n",
    "CRLF": b"a\r\nb\r\n",
    "blanks at both ends": b" \t x \t ",
    "quotes": b"' \" ` \\ $HOME \\n %s",
    "other scripts": "\ufeffünï ©ödé 𝄞 e\u0301 العربية".encode(),
    "control characters": b"\x01\x1b[31m\x7f",
}


def add(vault, name="NAME", *options, value=VALUE):
    """Adds a secret and gives its metadata."""
    return json.loads(vault.ok("add", name, "--json", *options, input=value))


def show(vault, reference, *options):
    return json.loads(vault.ok("show", reference, "--json", *options))


def reveal(vault, reference, *options):
    return vault.ok("reveal", reference, *options)


def names(vault, *options):
    return [secret["name"] for secret in json.loads(vault.ok("list", "--json", *options))["secrets"]]


def tokens(vault):
    return {token["name"]: token for token in json.loads(vault.ok("token", "list", "--json"))["tokens"]}


def create_project(vault, name="web"):
    return vault.ok("project", "create", name).decode().removesuffix("\n")


def on_terminal(vault, *arguments):
    """What a command shows on a terminal, line by line."""
    child = pexpect.spawn(
        str(PROGRAM), list(arguments), env=vault.environment(), encoding="utf-8", dimensions=(24, 200), timeout=30)
    shown = child.read()
    child.close()
    assert child.exitstatus == 0, shown
    return shown.splitlines()


def columns(heading, line):
    """The cells of a table's line, cut where the words of its heading begin."""
    starts = [word.start() for word in re.finditer(r"\S+", heading)]
    return [line[start:end].rstrip() for start, end in zip(starts, starts[1:] + [None])]


# The vault


def test_init_makes_a_vault_that_only_its_owner_can_read(empty):
    done = empty.run("init", *LOWEST_KDF)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"coffer: created {empty.path}\n"
    assert stat.S_IMODE(empty.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(empty.path.parent.stat().st_mode) == 0o700
    assert os.listdir(empty.path.parent) == [empty.path.name]
    assert empty.ok("list") == b""


def test_status_needs_no_passphrase_and_tells_no_name(vault):
    add(vault), add(vault, "TLS_KEY", "--project", create_project(vault))
    vault.ok("token", "create", "--name", "ci")
    nobody = {"COFFER_PASSPHRASE_FILE": None}
    status = json.loads(vault.ok("status", "--json", env=nobody))
    assert status.pop("id") in vault.ok("status", env=nobody).decode()
    assert status == {
        "vault": str(vault.path), "schema_version": 1, "locked": True, "servers": [], "secrets": 2, "projects": 1,
        "tokens": 1, "slots": [{"number": 1, "kind": "passphrase", "memory_bytes": 19 << 20, "passes": 2}],
    }
    for word in ("NAME", "TLS_KEY", "web", "ci\n"):
        assert word not in vault.ok("status", env=nobody).decode()


# Secrets


@pytest.mark.parametrize("value", BYTES.values(), ids=BYTES)
def test_a_value_comes_back_byte_for_byte(vault, value):
    add(vault, value=value)
    assert reveal(vault, "NAME") == value


def test_a_value_is_taken_from_a_file_or_a_pipe_when_added_and_when_rotated(vault, folder):
    piped, filed = BYTES["CRLF"], BYTES["PEM"]
    file = folder / "value"
    file.write_bytes(filed)
    add(vault, "PIPED", value=piped)
    add(vault, "FILED", "--from-file", file, value="not this")
    assert (reveal(vault, "PIPED"), reveal(vault, "FILED")) == (piped, filed)
    vault.ok("rotate", "PIPED", "--from-file", file)
    vault.ok("rotate", "FILED", input=piped)
    assert (reveal(vault, "PIPED"), reveal(vault, "FILED")) == (filed, piped)


def test_a_line_break_that_echo_left_is_kept_and_noted(vault):
    done = vault.run("add", "NAME", input=b"value\n")
    assert done.returncode == 0
    assert re.fullmatch(r"coffer: note: .*line break.*\n", done.stderr.decode())


def test_flags_are_set_by_options_and_shown(vault):
    plain = add(vault, "PLAIN")
    flagged = add(vault, "FLAGGED", "--default-available", "--created-by-agent")
    assert (plain["default_available"], plain["created_by_agent"]) == (False, False)
    assert (flagged["default_available"], flagged["created_by_agent"]) == (True, True)
    assert plain["masked_value"] == MASK
    shown = dict(line.split(maxsplit=1) for line in vault.ok("show", "FLAGGED").decode().splitlines())
    assert shown == {k: str(v).lower() if isinstance(v, bool) else v for k, v in flagged.items()} | {"project_id": "-"}


def test_json_is_what_the_api_answers(server):
    vault = server.vault
    project = json.loads(vault.ok("project", "create", "web", "--json"))["project"]
    personal, shared = add(vault), add(vault, "NAME", "--project", "web")
    listed = json.loads(vault.ok("list", "--json")), json.loads(vault.ok("list", "--json", "--project", "web"))
    for printed, path in [
        (personal, f"/api/v1/secrets/{personal['id']}"),
        (shared, f"/api/v1/secrets/{shared['id']}"),
        (show(vault, "NAME"), f"/api/v1/secrets/{personal['id']}"),
        (listed[0], "/api/v1/secrets"),
        (listed[1], f"/api/v1/secrets?project_id={project['id']}"),
        ({"projects": [project], "count": 1}, "/api/v1/projects"),
        (json.loads(vault.ok("project", "list", "--json")), "/api/v1/projects"),
    ]:
        assert printed == server.request("GET", path).json()


def test_a_list_is_for_programs_unless_it_is_on_a_terminal(vault):
    first, second = add(vault, "A"), add(vault, "LONG_NAME", "--default-available", value="short")
    rows = [
        ["A", MASK, "no", "no", first["updated_at"], first["id"]],
        ["LONG_NAME", "••••••••", "yes", "no", second["updated_at"], second["id"]],
    ]
    assert [line.split("\t") for line in vault.ok("list").decode().splitlines()] == rows
    heading, *lines = on_terminal(vault, "list")
    assert heading.split() == ["NAME", "VALUE", "DEFAULT", "AGENT", "UPDATED", "ID"]
    assert [columns(heading, line) for line in lines] == rows
    assert not any(line.endswith(" ") for line in [heading, *lines])


@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_a_name_may_be_an_id_everywhere(vault, spelling):
    create_project(vault)
    secret = add(vault, "NAME", "--project", "web")
    id = spelling(secret["id"])
    assert show(vault, id) == secret
    assert reveal(vault, id) == VALUE.encode()
    assert json.loads(vault.ok("update", id, "--default-available", "true", "--json"))["default_available"] is True
    vault.ok("rotate", id, input="new")
    assert vault.ok("export", "--secret", id) == b'NAME="new"\n'
    vault.ok("delete", id)
    assert names(vault, "--project", "web") == []


def test_an_update_changes_what_it_is_told_and_nothing_else(vault):
    before = add(vault)
    for options, changed in [
        (["--default-available", "true"], {"default_available": True}),
        (["--rename", "RENAMED"], {"default_available": True, "name": "RENAMED"}),
        (["--rename", "NAME", "--default-available", "false"], {}),
    ]:
        after = json.loads(vault.ok("update", before["id"], "--json", *options))
        assert after | {"updated_at": ""} == before | changed | {"updated_at": ""}
        assert show(vault, after["name"]) == after
    assert reveal(vault, "NAME") == VALUE.encode()


def test_a_rotation_changes_the_value_and_its_mask_alone(vault):
    before = add(vault, "NAME", "--default-available")
    after = json.loads(vault.ok("rotate", "NAME", "--json", input="another value, longer"))
    assert after == before | {"masked_value": "ano••••••••nger", "updated_at": after["updated_at"]}
    assert reveal(vault, "NAME") == b"another value, longer"


def test_a_deleted_secret_is_gone_and_its_name_free(vault):
    gone = add(vault)["id"]
    done = vault.run("delete", "NAME")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"coffer: deleted NAME\n")
    assert names(vault) == []
    assert add(vault)["id"] != gone


# Projects


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_project_has_secrets_of_its_own(vault, by):
    id = create_project(vault, "web site")
    reference = {"name": "web site", "id": id}[by]
    add(vault, "NAME", value="personal"), add(vault, "NAME", "--project", reference, value="shared")
    assert show(vault, "NAME", "--project", reference)["project_id"] == id
    assert (reveal(vault, "NAME"), reveal(vault, "NAME", "--project", reference)) == (b"personal", b"shared")
    vault.ok("update", "NAME", "--project", reference, "--rename", "MOVED")
    vault.ok("rotate", "MOVED", "--project", reference, input="new")
    assert (names(vault), names(vault, "--project", reference)) == (["NAME"], ["MOVED"])
    vault.ok("delete", "MOVED", "--project", reference)
    vault.ok("project", "delete", reference)
    assert (vault.ok("project", "list"), names(vault)) == (b"", ["NAME"])


def test_a_project_is_deleted_with_its_secrets_when_told_so(vault):
    create_project(vault, "gone"), create_project(vault, "kept")
    add(vault, "GONE", "--project", "gone"), add(vault, "KEPT", "--project", "kept")
    assert vault.run("project", "delete", "gone").returncode == 65
    assert names(vault, "--project", "gone") == ["GONE"]
    vault.ok("project", "delete", "gone", "--with-secrets")
    assert [line.split("\t")[0] for line in vault.ok("project", "list").decode().splitlines()] == ["kept"]
    assert names(vault, "--project", "kept") == ["KEPT"]


def test_a_project_s_name_cannot_break_a_list(vault):
    id = create_project(vault, "tab\tline\nescape\x1b[31m")
    line, = vault.ok("project", "list").decode().splitlines()
    assert (line.count("\t"), line.split("\t")[-1]) == (2, id)
    assert "\x1b" not in line


# Tokens


def test_a_token_is_as_its_options_say(vault):
    id = create_project(vault)
    for name, *options in [
        ("plain",), ("reader", "--read-only"), ("key", "--api-key"), ("short", "--expires", "90s"),
        ("limited", "--project", "web", "--expires", "12h"),
    ]:
        printed = vault.ok("token", "create", "--name", name, *options).decode()
        assert re.fullmatch(r"coffer_sk_\S{32}\n" if name == "key" else r"\S+\.\S+\.\S+\n", printed)
    made = tokens(vault)
    assert {name: token["access"] for name, token in made.items() if token["access"] != "read-write"} == {
        "reader": "read"}
    assert {name: token["kind"] for name, token in made.items() if token["kind"] != "bearer"} == {"key": "api-key"}
    assert {name: token["projects"] for name, token in made.items() if "projects" in token} == {"limited": [id]}
    lifetimes = {
        name: datetime.fromisoformat(token["expires_at"]) - datetime.fromisoformat(token["created_at"])
        for name, token in made.items()}
    month, half_a_day = timedelta(days=30), timedelta(hours=12)
    assert lifetimes == {
        "plain": month, "reader": month, "key": month, "short": timedelta(seconds=90), "limited": half_a_day}
    heading, *lines = on_terminal(vault, "token", "list")
    assert [columns(heading, line) for line in lines] == [
        line.split("\t") for line in vault.ok("token", "list").decode().splitlines()]


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_revoked_token_is_gone_and_the_others_stay(vault, by):
    for name in ("one", "two"):
        vault.ok("token", "create", "--name", name)
    vault.ok("token", "revoke", tokens(vault)["one"][by])
    assert list(tokens(vault)) == ["two"]


# Together


def test_eight_processes_adding_at_once_lose_nothing(vault):
    values = {f"NAME_{number}": f"value {number}" for number in range(24)}
    with ThreadPoolExecutor(8) as pool:
        for done in pool.map(lambda item: vault.run("add", item[0], input=item[1]), values.items()):
            assert done.returncode == 0, done.stderr
    assert sorted(names(vault)) == sorted(values)
    exported = dict(line.split("=") for line in vault.ok("export", "--all").decode().splitlines())
    assert exported == {name: f'"{value}"' for name, value in values.items()}


def test_of_eight_processes_creating_a_vault_one_succeeds(empty):
    with ThreadPoolExecutor(8) as pool:
        statuses = pool.map(lambda _: empty.run("init", *LOWEST_KDF).returncode, range(8))
        assert sorted(statuses) == [0] + [73] * 7
    assert empty.ok("list") == b""
    assert not [name for name in os.listdir(empty.path.parent) if "new" in name]

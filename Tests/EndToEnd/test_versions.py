"""Former values of a secret: shown masked, revealed by number, made the current one again."""

import json

import pytest

from test_cli_refusals import CANARY, NOT_FOUND, USAGE, check_refusal


@pytest.fixture
def rotated(vault):
    """A vault with a secret that has its third value."""
    vault.ok("add", "NAME", "--default-available", input="the first value of all")
    for value in ("the second value", "the third value"):
        vault.ok("rotate", "NAME", input=value)
    return vault


def versions(vault, name="NAME"):
    return [line.split("\t") for line in vault.ok("show", name, "--versions").decode().splitlines()]


def test_versions_are_shown_masked_with_their_times(rotated):
    listed = versions(rotated)
    assert [row[:2] for row in listed] == [["1", "the•••••••• all"], ["2", "the••••••••alue"], ["3", "••••••••"]]
    secret = json.loads(rotated.ok("show", "NAME", "--json"))
    assert listed[2][1] == secret["masked_value"]
    assert listed[0][2] == secret["created_at"]
    assert listed[0][3] == listed[1][2] and listed[1][3] == listed[2][2] == secret["updated_at"]
    assert listed[2][3] == "-"


def test_versions_in_json_have_no_value(rotated):
    text = rotated.ok("show", "NAME", "--versions", "--json")
    document = json.loads(text)
    assert document["count"] == 3
    assert [v["version"] for v in document["versions"]] == [1, 2, 3]
    assert [sorted(v) for v in document["versions"]] == [
        ["masked_value", "replaced_at", "set_at", "version"]] * 2 + [["masked_value", "set_at", "version"]]
    assert b"value of" not in text and b"second" not in text


def test_a_former_value_is_revealed_byte_for_byte(rotated):
    for version, value in {1: b"the first value of all", 2: b"the second value", 3: b"the third value"}.items():
        assert rotated.ok("reveal", "NAME", "--version", version) == value
    assert rotated.ok("reveal", "NAME") == b"the third value"


def test_a_former_value_that_is_restored_is_a_new_version(rotated):
    before = json.loads(rotated.ok("show", "NAME", "--json"))
    after = json.loads(rotated.ok("restore-version", "NAME", "1", "--json"))
    assert after == before | {"masked_value": versions(rotated)[0][1], "updated_at": after["updated_at"]}
    assert rotated.ok("reveal", "NAME") == b"the first value of all"
    assert [row[0] for row in versions(rotated)] == ["1", "2", "3", "4"]
    assert rotated.ok("reveal", "NAME", "--version", "3") == b"the third value"


def test_ten_former_values_are_kept(vault):
    vault.ok("add", "NAME", input="value 1")
    for number in range(2, 14):
        vault.ok("rotate", "NAME", input=f"value {number}")
    listed = versions(vault)
    assert [row[0] for row in listed] == [str(n) for n in range(3, 14)]
    assert listed[0][2] == "-"
    assert vault.ok("reveal", "NAME", "--version", "3") == b"value 3"
    check_refusal(vault.run("reveal", "NAME", "--version", "2"), NOT_FOUND)


def test_a_secret_of_a_project_has_versions_too(vault):
    vault.ok("project", "create", "web")
    vault.ok("add", "NAME", "--project", "web", input="first")
    vault.ok("rotate", "NAME", "--project", "web", input="second")
    assert vault.ok("reveal", "NAME", "--project", "web", "--version", "1") == b"first"
    vault.ok("restore-version", "NAME", "1", "--project", "web")
    assert vault.ok("reveal", "NAME", "--project", "web") == b"first"


def test_versions_of_a_deleted_secret_are_gone(rotated):
    rotated.ok("delete", "NAME")
    rotated.ok("add", "NAME", input="new")
    assert [row[0] for row in versions(rotated)] == ["1"]
    assert rotated.rows()["secret_versions"] == []


@pytest.mark.parametrize(
    "status, arguments",
    [(NOT_FOUND, "reveal NAME --version 4"), (NOT_FOUND, "reveal NAME --version 0"),
     (NOT_FOUND, "reveal NAME --version=-1"), (NOT_FOUND, f"reveal {CANARY} --version 1"),
     (NOT_FOUND, "restore-version NAME 3"), (NOT_FOUND, "restore-version NAME 9223372036854775807"),
     (NOT_FOUND, f"restore-version {CANARY} 1"), (NOT_FOUND, f"show {CANARY} --versions"),
     (USAGE, "reveal NAME --version"), (USAGE, "reveal --version"), (USAGE, "restore-version NAME"), (USAGE, f"restore-version NAME {CANARY}"),
     (USAGE, f"reveal NAME --version {CANARY}"), (USAGE, "restore-version NAME 9223372036854775808")])
def test_a_version_that_is_not_kept_is_refused(rotated, status, arguments):
    before = rotated.rows()
    check_refusal(rotated.run(*arguments.split()), status)
    assert rotated.rows() == before

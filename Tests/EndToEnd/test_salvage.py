"""`coffer salvage`: what a damaged vault still holds, in a new one, and what is lost by id."""

import itertools
import json
import os
import random
import shutil
import stat

import pytest

from conftest import Vault
from moments import Moments
from test_backup import DAMAGED, KILLS, drafts, tamper
from test_cli_broken_vaults import contents
from test_cli_refusals import (
    BAD_INPUT, CANARY, EXISTS, LOCKED, NOBODY, NOT_FOUND, USAGE, WRONG_PASSPHRASE, check_refusal)

VALUES = {f"SECRET_{number}": f"{number}:{'v' * 300}" for number in range(60)}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A good vault with many secrets, one of them with a former value, and a project; and the ids by name."""
    vault = Vault(tmp_path_factory.mktemp("good")).init()
    vault.ok("import", "-", input="".join(f"{name}='{value}'\n" for name, value in VALUES.items()))
    vault.ok("project", "create", "web")
    vault.ok("add", "SHARED", "--project", "web", "--default-available", input="shared")
    vault.ok("rotate", "SECRET_0", input="changed")
    vault.ok("token", "create", "--name", "ci")
    ids = {s["name"]: s["id"] for s in json.loads(vault.ok("list", "--json"))["secrets"]}
    return vault, ids


@pytest.fixture
def damaged(good, tmp_path):
    """A copy of the good vault, to be damaged, and a place for the new one."""
    vault = Vault(tmp_path)
    vault.path.parent.mkdir(mode=0o700)
    shutil.copy(good[0].path, vault.path)
    return vault


def salvage(vault, status=0, *arguments):
    """Salvages with --json; gives both lists, once it is shown that the damaged file was not changed."""
    before = contents(vault.path.parent)
    done = vault.run("salvage", vault.path, vault.folder / "saved" / "new.coffer", "--json", *arguments)
    assert done.returncode == status, done.stderr.decode()
    assert contents(vault.path.parent) == before
    assert not drafts(vault.folder / "saved")
    return json.loads(done.stdout)


def reveal(vault, *arguments):
    return vault.ok("reveal", *arguments, "--vault", vault.folder / "saved" / "new.coffer")


def test_of_a_good_vault_everything_is_saved(good, damaged):
    report = salvage(damaged)
    assert report["lost"] == [] and report["log_is_whole"] and report["tokens_left"] == 1 and report["projects"] == 1
    saved = {s["name"]: s for s in report["saved"]}
    assert {name: s["id"] for name, s in saved.items() if name != "SHARED"} == good[1]
    assert saved["SECRET_0"]["former_values"] == 1 and "project_id" in saved["SHARED"]
    new = damaged.folder / "saved" / "new.coffer"
    assert stat.S_IMODE(new.stat().st_mode) == 0o600 and os.listdir(new.parent) == [new.name]
    assert damaged.ok("list", "--json", "--vault", new) == good[0].ok("list", "--json")
    assert damaged.ok("list", "--json", "--project", "web", "--vault", new) == good[0].ok("list", "--json", "--project", "web")
    assert damaged.ok("token", "list", "--vault", new) == b""
    assert reveal(damaged, "SECRET_0") == b"changed"
    assert reveal(damaged, "SECRET_7") == VALUES["SECRET_7"].encode()
    damaged.ok("backup", damaged.folder / "copy.coffer", "--vault", new)


def test_people_read_what_is_lost_and_what_stays_behind(good, damaged):
    tamper(damaged.path, "UPDATE secrets SET sealed_value = zeroblob(length(sealed_value)) WHERE sequence = 8;"
                         "DELETE FROM secrets WHERE sequence = 9")
    done = damaged.run("salvage", damaged.path, damaged.folder / "new.coffer")
    assert done.returncode == DAMAGED
    assert done.stdout.decode().splitlines() == [
        f"altered\tsecret\t{good[1]['SECRET_7']}\tSECRET_7", f"missing\tsecret\t{good[1]['SECRET_8']}\tSECRET_8"]
    assert done.stderr.decode().splitlines() == [
        "coffer: saved 59 secrets, 1 former value, 1 project",
        "coffer: note: the log stays in the damaged file; so do its tokens (1): create new ones",
        "coffer: error: not everything could be saved: 2 lines above",
        "coffer: hint: the new vault has the rest; keep the damaged file, and look for a backup"]


DAMAGES = {
    "a state that does not open": "UPDATE state SET sealed_state = zeroblob(length(sealed_state))",
    "a planted trigger": "CREATE TRIGGER planted AFTER INSERT ON secrets BEGIN DELETE FROM secrets; END",
    "a log that is gone": "DELETE FROM events",
    "another program's header": "PRAGMA application_id = 7",
}


@pytest.mark.parametrize("sql", DAMAGES.values(), ids=DAMAGES)
def test_a_vault_that_no_longer_opens_is_saved_whole(good, damaged, sql):
    tamper(damaged.path, sql)
    assert damaged.run("backup", damaged.folder / "copy.coffer").returncode != 0
    report = salvage(damaged)
    assert {s["id"] for s in report["saved"]} >= set(good[1].values())
    assert reveal(damaged, "SECRET_59") == VALUES["SECRET_59"].encode()


@pytest.mark.parametrize("page", range(2, 26, 2))
def test_with_noise_on_one_page_each_secret_is_saved_or_told(good, damaged, page):
    content = bytearray(damaged.path.read_bytes())
    assert page * 4096 <= len(content)
    content[(page - 1) * 4096 : page * 4096] = os.urandom(4096)
    damaged.path.write_bytes(content)
    done = damaged.run("salvage", damaged.path, damaged.folder / "new.coffer", "--json")
    assert damaged.path.read_bytes() == content
    if not done.stdout:
        # The one page of the key slots, or of the scopes.
        check_refusal(done, done.returncode)
        assert done.returncode in (DAMAGED, WRONG_PASSPHRASE) and not (damaged.folder / "new.coffer").exists()
        return
    report = json.loads(done.stdout)
    assert done.returncode == (DAMAGED if report["lost"] else 0)
    told = {s["id"] for s in report["saved"]} | {lost.get("id") for lost in report["lost"]}
    assert told >= set(good[1].values())
    for secret in report["saved"][-3:]:
        if secret["name"] in VALUES and secret["name"] != "SECRET_0":
            value = damaged.ok("reveal", secret["id"], "--vault", damaged.folder / "new.coffer")
            assert value == VALUES[secret["name"]].encode()


REFUSALS = {
    "over a file": (EXISTS, ["{vault}", "{text}"], {}),
    "over the damaged file": (EXISTS, ["{vault}", "{vault}"], {}),
    "of nothing": (NOT_FOUND, [CANARY, "new"], {}),
    "of a folder": (BAD_INPUT, ["{folder}", "{folder}/new"], {}),
    "of text": (BAD_INPUT, ["{text}", "{folder}/new"], {}),
    "of an empty file": (DAMAGED, ["{empty}", "{folder}/new"], {}),
    "without a passphrase": (LOCKED, ["{vault}", "{folder}/new"], NOBODY),
    "with another passphrase": (WRONG_PASSPHRASE, ["{vault}", "{folder}/new"], {"COFFER_PASSPHRASE_FILE": "{text}"}),
    "without a second name": (USAGE, ["{vault}"], {}),
    "with an empty name": (USAGE, ["{vault}", ""], {}),
}


@pytest.mark.parametrize("status, arguments, env", REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_leaves_nothing(damaged, status, arguments, env):
    names = {"vault": damaged.path, "text": damaged.folder / "text", "empty": damaged.folder / "empty", "folder": damaged.folder}
    names["text"].write_text(CANARY)
    names["text"].chmod(0o600)
    names["empty"].touch()
    env = {key: value and value.format(**names) for key, value in env.items()}
    before = contents(damaged.folder)
    check_refusal(damaged.run("salvage", *(a.format(**names) for a in arguments), env=env), status)
    assert contents(damaged.folder) == before


def test_a_vault_without_a_key_slot_cannot_be_saved(damaged):
    tamper(damaged.path, "DELETE FROM key_slots")
    said = check_refusal(damaged.run("salvage", damaged.path, damaged.folder / "new.coffer"), DAMAGED)
    assert "no key slot" in said


def test_a_killed_salvage_leaves_no_half_vault_and_the_next_one_cleans_up(damaged):
    folder, moments, choices = damaged.folder / "saved", Moments(seconds=0.1), random.Random(4)
    for number in itertools.takewhile(lambda _: not moments.are_enough(KILLS), itertools.count()):
        path = folder / f"{number}.coffer"
        ended = moments.run(damaged, ["salvage", damaged.path, path], choices)
        assert path.exists() or not ended
        if path.exists():
            damaged.ok("backup", folder / f"{number}.copy", "--vault", path)
    damaged.ok("salvage", damaged.path, folder / "last.coffer")
    assert not drafts(folder)

"""A change of passphrase, and new keys for everything, killed at a random moment: before or after, and nothing between."""

import json

import pytest

import second_reader
from checks import Vault
from end_to_end import PASSPHRASE
from moments import Moments

SECRETS = 10_000
NEXT = "another passphrase altogether"
WRONG_PASSPHRASE = 77


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with a vault of ten thousand secrets, some of them with former values, and a token."""
    vault = Vault(tmp_path_factory.mktemp("template")).init()
    vault.ok("import", "-", "--format", "json",
             input=json.dumps({f"NAME_{n}": f"value {n} " + "x" * (n % 90) for n in range(SECRETS)}))
    vault.ok("import", "-", "--format", "json", "--on-conflict", "replace",
             input=json.dumps({f"NAME_{n}": f"another value {n}" for n in range(0, SECRETS, 20)}))
    vault.ok("token", "create", "--name", "torture")
    new = vault.folder / "new"
    new.touch(0o600)
    new.write_text(NEXT)
    return vault.folder


def contents(vault, passphrase):
    """All values and former values, by scope, name and version, once the second reader has checked the whole vault."""
    with second_reader.Reader(vault.path, passphrase.encode()) as reader:
        assert reader.verify() == []
        personal = reader.personal()
        return {(secret.name, version and version.value_revision): reader.reveal(personal, secret, version)
                for secret in reader.secrets(personal) for version in [None, *reader.versions(personal, secret)]}


def opens(vault, passphrase):
    """Whether the vault opens with it, and then verifies."""
    vault.write_passphrase(passphrase)
    done = vault.run("verify", timeout=300)
    vault.write_passphrase(PASSPHRASE)
    assert done.returncode in (0, WRONG_PASSPHRASE), done.stderr.decode()
    return done.returncode == 0


def test_a_killed_change_of_passphrase_leaves_exactly_one_that_opens(copies, amount, choices, figures):
    vault = copies()
    change = ["passphrase", "change", "--new-passphrase-file", str(vault.folder / "new")]
    before, moments, changed = contents(vault, PASSPHRASE), Moments(seconds=0.1), 0
    while not moments.are_enough(amount("keys")):
        vault = copies()
        ended = moments.run(vault, change, choices)
        former, new = opens(vault, PASSPHRASE), opens(vault, NEXT)
        assert former != new, "both open it" if new else "neither opens it"
        assert new or not ended, "it said that it was done"
        assert contents(vault, NEXT if new else PASSPHRASE) == before
        changed += new
    figures(rounds=moments.killed + moments.ended, kills_of_a_change_of_passphrase=moments.killed,
            passphrases_changed=changed)


def test_a_killed_rekey_leaves_the_vault_as_it_was_or_wholly_anew(copies, amount, choices, figures):
    vault = copies()
    before, moments, done = contents(vault, PASSPHRASE), Moments(seconds=0.3), 0
    while not moments.are_enough(amount("keys")):
        vault = copies()
        ended = moments.run(vault, ["rekey"], choices)
        assert opens(vault, PASSPHRASE)
        assert contents(vault, PASSPHRASE) == before
        is_anew = vault.ok("token", "list") == b""
        assert is_anew == bool(json.loads(vault.ok("audit", "--json", "--kind", "rekeyed"))["count"])
        assert is_anew or not ended, "it said that it was done"
        done += is_anew
        vault.ok("add", "AFTERWARDS", input="the vault is as good as before")
    figures(rounds=moments.killed + moments.ended, kills_of_a_rekey=moments.killed, vaults_rekeyed=done)

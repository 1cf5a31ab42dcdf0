"""A change of passphrase, and new keys for everything, killed at a random moment: before or after, and nothing between."""

import json
import subprocess
import threading
import time

import pytest

import second_reader
from checks import Vault
from end_to_end import PASSPHRASE, PROGRAM

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


def start(vault, arguments):
    return subprocess.Popen(
        [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, env=vault.environment())


def usual(vault, arguments):
    """How long it takes, in seconds."""
    begin = time.perf_counter()
    assert start(vault, arguments).wait(timeout=300) == 0
    return time.perf_counter() - begin


def killed(vault, arguments, seconds):
    """Runs a command and kills it after this time, unless it has come to its end. Whether it had."""
    process = start(vault, arguments)
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        _, complaint = process.communicate(timeout=300)
    finally:
        timer.cancel()
    assert process.returncode in (0, -9), complaint.decode()
    return process.returncode == 0


def test_a_killed_change_of_passphrase_leaves_exactly_one_that_opens(copies, amount, choices, figures):
    vault = copies()
    change = ["passphrase", "change", "--new-passphrase-file", str(vault.folder / "new")]
    before, length = contents(vault, PASSPHRASE), usual(vault, change)
    kills = changed = 0
    for _ in range(amount("keys")):
        vault = copies()
        ended = killed(vault, change, choices.uniform(0, 1.2) * length)
        former, new = opens(vault, PASSPHRASE), opens(vault, NEXT)
        assert former != new, "both open it" if new else "neither opens it"
        assert new or not ended, "it said that it was done"
        assert contents(vault, NEXT if new else PASSPHRASE) == before
        kills += not ended
        changed += new
    figures(rounds=amount("keys"), kills_of_a_change_of_passphrase=kills, passphrases_changed=changed)


def test_a_killed_rekey_leaves_the_vault_as_it_was_or_wholly_anew(copies, amount, choices, figures):
    vault = copies()
    before, length = contents(vault, PASSPHRASE), usual(vault, ["rekey"])
    assert contents(vault, PASSPHRASE) == before
    kills = done = 0
    for _ in range(amount("keys")):
        vault = copies()
        ended = killed(vault, ["rekey"], choices.uniform(0, 1.2) * length)
        assert opens(vault, PASSPHRASE)
        assert contents(vault, PASSPHRASE) == before
        is_anew = vault.ok("token", "list") == b""
        assert is_anew == bool(json.loads(vault.ok("audit", "--json", "--kind", "rekeyed"))["count"])
        assert is_anew or not ended, "it said that it was done"
        kills += not ended
        done += is_anew
        vault.ok("add", "AFTERWARDS", input="the vault is as good as before")
    figures(rounds=amount("keys"), kills_of_a_rekey=kills, vaults_rekeyed=done)

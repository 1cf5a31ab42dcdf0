"""A read, a write or a sync fails, or the program dies there: the command fails and changes nothing, or does it all."""

import json
import shutil
from dataclasses import dataclass

import pytest

from checks import INPUT_OUTPUT, Vault, verified
from end_to_end import LOWEST_KDF, PASSPHRASE
from faulty import DEADLY, KINDS, Fault

SECRETS = {f"SECRET_{n}": f"value {n} " + "x" * (n * 37 % 500) for n in range(20)}
# So many that storing them takes more than 500 calls.
IMPORTED = {f"IMPORTED_{n}": f"imported {n} " + "y" * 400 for n in range(200)}


@dataclass
class Operation:
    """A command, and what of the values and flags is there afterwards."""

    arguments: list
    text: str
    after: dict


BEFORE = {name: (value, False) for name, value in SECRETS.items()}
OPERATIONS = {
    "create": Operation(["add", "NEW"], "new value", BEFORE | {"NEW": ("new value", False)}),
    "update": Operation(
        ["update", "SECRET_3", "--default-available", "true"], "", BEFORE | {"SECRET_3": (SECRETS["SECRET_3"], True)}),
    "rotate": Operation(["rotate", "SECRET_4"], "another value", BEFORE | {"SECRET_4": ("another value", False)}),
    "delete": Operation(["delete", "SECRET_5"], "", {n: s for n, s in BEFORE.items() if n != "SECRET_5"}),
    "import": Operation(
        ["import", "-", "--format", "json"], json.dumps(IMPORTED),
        BEFORE | {name: (value, False) for name, value in IMPORTED.items()}),
    # To the same one at another cost, so that what opens the vault is known whatever becomes of it.
    "passphrase": Operation(
        ["passphrase", "change", "--new-passphrase-fd", "0", "--kdf-memory", "20"], PASSPHRASE, BEFORE),
    "rekey": Operation(["rekey"], "", BEFORE),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A folder with a vault of twenty secrets, to be copied."""
    vault = Vault(tmp_path_factory.mktemp("template")).init()
    vault.ok("import", "-", "--format", "json", input=json.dumps(SECRETS))
    return vault.folder


def fresh(folder):
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def state(found):
    return {name: (secret["value"], secret["default_available"]) for (_, name), secret in found.items()}


def cut_seed(choices):
    """Which unsynced writes a power cut is to take back: all, or about half."""
    return choices.choice([0, 1 + choices.getrandbits(30)])


def positions(calls, most, choices):
    """The calls that a fault is to befall: the first `most` of them, or a sample with the first and the last."""
    if most >= 100 or calls <= most:
        return range(1, min(calls, most) + 1)
    return sorted({1, calls, *choices.sample(range(1, calls + 1), most - 2)})


def counted(kind, vault, *arguments, text=""):
    """How many calls of a command this kind of fault can befall."""
    fault = Fault(kind, 0, vault.folder / "report")
    vault.ok(*arguments, input=text, env=fault.environment())
    assert not fault.injected()
    return fault.calls()


def run(vault, fault, *arguments, text=""):
    """Runs a command with a fault that is shown to have befallen it. Whether the command says that it succeeded."""
    done = vault.run(*arguments, input=text, env=fault.environment())
    assert fault.injected(), f"{fault.kind} at {fault.at} was not injected"
    if fault.kind in DEADLY:
        assert done.returncode == -9
    elif done.returncode != 0:
        assert done.returncode == INPUT_OUTPUT, f"{fault}: {done.returncode} {done.stderr.decode()}"
        assert done.stderr.startswith(b"coffer: error: ") and done.stdout == b""
    return done.returncode == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_change_fails_cleanly_or_succeeds_wholly(copies, amount, choices, figures, operation, kind):
    change, succeeded = OPERATIONS[operation], 0
    calls = counted(kind, copies(), *change.arguments, text=change.text)
    assert calls
    tried = positions(calls, amount("faults"), choices)
    for at in tried:
        vault = copies()
        fault = Fault(kind, at, vault.folder / "report", cut_seed(choices))
        said_so = run(vault, fault, *change.arguments, text=change.text)
        found = state(verified(vault))
        if fault.kind in DEADLY:
            assert found in (BEFORE, change.after), f"{fault}: half done"
        else:
            assert found == (change.after if said_so else BEFORE), f"{fault}, {fault.injected()}: not as it said"
        succeeded += found == change.after
        vault.ok("add", "AFTERWARDS", input="the vault is as good as before")
    figures(faults_injected=len(tried), **{f"faults_of_kind_{kind}": len(tried)}, changes_wholly_done=succeeded,
            changes_not_done=len(tried) - succeeded)


@pytest.mark.parametrize("kind", KINDS)
def test_a_vault_is_created_whole_or_not_at_all(tmp_path, amount, choices, figures, kind):
    calls = counted(kind, Vault(fresh(tmp_path / "counted")), "init", *LOWEST_KDF)
    tried = positions(calls, amount("faults"), choices)
    for at in tried:
        vault = Vault(fresh(tmp_path / "vault"))
        fault = Fault(kind, at, vault.folder / "report", cut_seed(choices))
        said_so = run(vault, fault, "init", *LOWEST_KDF)
        if said_so or vault.path.exists():
            assert said_so or kind in DEADLY, f"{fault}: a vault, and an error"
            assert verified(vault) == {}
        elif kind not in DEADLY:
            assert list(vault.path.parent.iterdir()) == [], f"{fault}: something is left"
            vault.init()
    figures(faults_injected=len(tried), **{f"faults_of_kind_{kind}": len(tried)})


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_is_whole_or_fails_and_leaves_the_vault_alone(tmp_path, copies, amount, choices, figures, kind):
    source = copies()
    tried = positions(counted(kind, source, "backup", source.folder / "backup"), amount("faults"), choices)
    for at in tried:
        vault = copies()
        backup = vault.folder / "backup"
        fault = Fault(kind, at, vault.folder / "report", cut_seed(choices))
        said_so = run(vault, fault, "backup", backup)
        assert state(verified(vault)) == BEFORE
        if said_so or backup.exists():
            assert said_so or kind in DEADLY, f"{fault}: a backup, and an error"
            # On a machine that has not seen the vault.
            elsewhere = Vault(fresh(tmp_path / "elsewhere"))
            elsewhere.path.parent.mkdir(mode=0o700)
            shutil.copy(backup, elsewhere.path)
            assert state(verified(elsewhere)) == BEFORE
    figures(faults_injected=len(tried), **{f"faults_of_kind_{kind}": len(tried)})

"""Exports of chosen secrets of a vault, of which a dialect may refuse some by name."""

import contextlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from conftest import Vault


def vault_of(folder, entries):
    """A fresh vault that holds the values by name."""
    vault = Vault(folder).init()
    file = folder / "entries.json"
    file.write_text(json.dumps(entries))
    vault.ok("import", file)
    return vault


def chosen(folder, names):
    """The options that have these exported from `folder`: by a list there, where they are too many for options."""
    list_there = folder / ".coffer.json"
    list_there.unlink(missing_ok=True)
    if len(names) < 4_000:
        return [word for name in names for word in ("--secret", name)]
    list_there.write_text(json.dumps({"secrets": list(names)}))
    return []


def refusals(done):
    """What a refused export says: why, by name."""
    assert (done.returncode, done.stdout) == (65, b""), done.stderr
    names, _ = re.fullmatch(
        r"coffer: error: format '\w+' cannot hold this: (.+)\n"
        r"coffer: hint: nothing was written; these formats can: ([a-z, ]+)\n", done.stderr.decode()).groups()
    return dict(entry.split(" ", 1) for entry in names.split("; "))


@dataclass
class Exported:
    """A file with the entries that its dialect holds, and why it refuses the others."""

    dialect: str
    file: Path
    held: dict[str, str]
    refused: dict[str, str]


def export(vault, dialect, entries, file):
    """Exports what can be of the entries of `vault`: all at once, or else all but those refused by name."""
    with contextlib.chdir(file.parent):
        done, refused = vault.run("export", "--format", dialect, "-o", file, *chosen(file.parent, entries)), {}
        if done.returncode:
            refused = refusals(done)
            held = entries.keys() - refused
            vault.ok("export", "--format", dialect, "-o", file, *chosen(file.parent, held))
    return Exported(dialect, file, {n: v for n, v in entries.items() if n not in refused}, refused)

"""Whatever a value contains: the reader of an env file gets it byte for byte, or the export refuses it by name."""

import json
import re

import pytest

from conftest import Vault
from env_exports import export, vault_of
from env_values import draw
from readers import READERS, systemd

COUNT = 5_000
# Where the file's name and content tell the dialect.
TELLING_NAMES = {
    "shell": "env.sh", "dotenv": ".env",
    "json": "env", "yaml": "env", "github": "env", "fish": "env", "kubernetes": "env",
}
# What systemd turns a whole file away for.
NONCHARACTERS = {*map(chr, range(0xfdd0, 0xfdf0))}.union(
    chr(plane << 16 | last) for plane in range(17) for last in (0xfffe, 0xffff))


@pytest.fixture(scope="module")
def entries():
    return {f"N{number:04}": value for number, value in enumerate(draw(COUNT))}


@pytest.fixture(scope="module")
def vault(tmp_path_factory, entries):
    return vault_of(tmp_path_factory.mktemp("vault"), entries)


@pytest.fixture(scope="module")
def exports(tmp_path_factory, vault, entries):
    """The exports, each made when it is first asked for."""
    made = {}

    def get(dialect):
        if dialect not in made:
            folder = tmp_path_factory.mktemp(dialect)
            made[dialect] = export(vault, dialect, entries, folder / TELLING_NAMES.get(dialect, "env"))
        return made[dialect]

    return get


def expect_same(found, held, dialect, reader):
    """Fails with the shortest value that did not arrive."""
    wrong = [name for name in held if found.get(name) != held[name].encode()]
    if wrong:
        name = min(wrong, key=lambda name: (len(held[name]), held[name]))
        became = f"{held[name]!r} became {found.get(name)!r} ({len(wrong)} wrong)"
        pytest.fail(f"{dialect}, {reader}: {became}", pytrace=False)
    if more := found.keys() - held:
        pytest.fail(f"{dialect}, {reader}: {sorted(more)[:5]!r} came out of values", pytrace=False)


@pytest.mark.parametrize("dialect, reader", [(d, r) for d in READERS for r in READERS[d] if r != "systemd"])
def test_a_reader_gets_every_value_byte_for_byte(exports, dialect, reader):
    exported = exports(dialect)
    expect_same(READERS[dialect][reader](exported.file, list(exported.held)), exported.held, dialect, reader)


def test_systemd_gets_every_value_without_noncharacters_and_refuses_a_file_that_has_one(
    vault, entries, exports, folder
):
    fit = {name: value for name, value in entries.items() if NONCHARACTERS.isdisjoint(value)}
    assert COUNT * 9 // 10 < len(fit) < COUNT
    exported = export(vault, "shell", fit, folder / "env")
    expect_same(systemd.read(exported.file, list(fit)), fit, "shell", "systemd")
    with pytest.raises(ValueError, match="invalid UTF-8 for systemd"):
        systemd.read(exports("shell").file, list(entries))


def is_too_much_for_docker(value):
    return "\n" in value or value.endswith("\r")


def is_too_much_for_node(value):
    """Node drops CR and has no escapes: a quote must be left for the value, unless it can do without one."""
    stands_bare = not re.search(r"""^["'`]|^[ \t]|[ \t]$|[#\n]""", value)
    has_double = '"' in value or "\\n" in value
    return "\r" in value or has_double and "'" in value and "`" in value and not stands_bare


@pytest.mark.parametrize("dialect", READERS)
def test_only_what_a_reader_cannot_hold_is_refused(exports, entries, dialect):
    unfit = {"docker": is_too_much_for_docker, "node": is_too_much_for_node}.get(dialect, lambda value: False)
    expected = {name for name, value in entries.items() if unfit(value)}
    exported = exports(dialect)
    assert exported.refused.keys() == expected
    assert len(exported.held) > COUNT / 2


@pytest.mark.parametrize("dialect, named", [(d, n) for d in READERS for n in (True, False) if n or d in TELLING_NAMES])
def test_an_exported_file_is_imported_with_the_same_names_and_values(exports, folder, dialect, named):
    exported = exports(dialect)
    fresh = Vault(folder).init()
    fresh.ok("import", exported.file, *(["--format", dialect] if named else []))
    expect_same(
        {name: value.encode() for name, value in json.loads(fresh.ok("export", "--format", "json", "--all")).items()},
        exported.held, dialect, "coffer")

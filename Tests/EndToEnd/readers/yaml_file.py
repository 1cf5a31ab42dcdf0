"""PyYAML: safe_load, which knows the truth values of YAML 1.1."""

from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    entries = yaml.load(path.read_bytes(), LOADER) or {}
    return {name: entries[name].encode() for name in names if name in entries}

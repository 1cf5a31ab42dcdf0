"""PyYAML: safe_load, which knows the truth values of YAML 1.1."""

from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in yaml.load(path.read_bytes(), LOADER).items()}

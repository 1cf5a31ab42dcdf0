"""Python's json."""

import json
from pathlib import Path


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in json.loads(path.read_bytes()).items()}

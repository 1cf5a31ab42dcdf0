"""Python's json."""

import json
from pathlib import Path


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    entries = json.loads(path.read_bytes())
    return {name: entries[name].encode() for name in names if name in entries}

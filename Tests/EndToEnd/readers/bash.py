"""The real bash."""

from pathlib import Path

from . import posix


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return posix.read("bash", path, names)

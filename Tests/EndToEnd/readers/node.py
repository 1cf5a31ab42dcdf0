"""The real Node: `util.parseEnv`, and `node --env-file` for what it puts into the environment."""

import shutil
import subprocess
from pathlib import Path

import pytest

from . import variables

_PRINT = "process.stdout.write(entries.map(([name, value]) => `${name}=${value}\\0`).join(''))"
_PARSE = "const entries = Object.entries(util.parseEnv(fs.readFileSync(process.argv[1], 'utf8')));"
_ENVIRONMENT = "const entries = Object.entries(process.env);"


def _run(*arguments: str) -> dict[str, bytes]:
    node = shutil.which("node") or "node"
    has_reader = subprocess.run([node, "-e", "process.exit(util.parseEnv ? 0 : 1)"]).returncode == 0
    if not has_reader:
        pytest.skip("Node is older than 20.12, the first with util.parseEnv")
    return variables.parse(subprocess.run([node, *arguments], check=True, capture_output=True, env={}).stdout)


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    """What `util.parseEnv` finds in the file at `path`."""
    return _run("-e", _PARSE + _PRINT, "--", str(path))


def read_env_file(path: Path, names: list[str]) -> dict[str, bytes]:
    """The environment of `node --env-file=path`."""
    return _run(f"--env-file={path}", "-e", _ENVIRONMENT + _PRINT)

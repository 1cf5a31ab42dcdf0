"""Node: `util.parseEnv`, and `node --env-file` for what it puts into the environment."""

import subprocess
from pathlib import Path

_NODE = "/usr/bin/node"
_SCRIPT = Path(__file__).with_name("node.js")
_PRINT_ENVIRONMENT = (
    "process.stdout.write(Buffer.from(Object.entries(process.env).map(([n, v]) => `${n}=${v}\\0`).join('')))"
)


def _split(output: bytes, names: list[str]) -> dict[str, bytes]:
    found = dict(entry.split(b"=", 1) for entry in output.split(b"\0") if entry)
    return {name: found[name.encode()] for name in names if name.encode() in found}


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    """The variables of `names` that `util.parseEnv` finds in the file at `path`."""
    output = subprocess.run([_NODE, str(_SCRIPT), str(path)], check=True, capture_output=True, env={}).stdout
    return _split(output, names)


def read_env_file(path: Path, names: list[str]) -> dict[str, bytes]:
    """The variables of `names` in the environment of `node --env-file=path`."""
    output = subprocess.run(
        [_NODE, f"--env-file={path}", "-e", _PRINT_ENVIRONMENT], check=True, capture_output=True, env={}
    ).stdout
    return _split(output, names)

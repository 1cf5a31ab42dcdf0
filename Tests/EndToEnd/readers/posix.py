"""The real bash and dash: `set -a; . file`, and then the values from the shell itself."""

import subprocess
from pathlib import Path

from . import variables

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def read_by_bash(path: Path, names: list[str]) -> dict[str, bytes]:
    return _read("bash", path, names)


def read_by_dash(path: Path, names: list[str]) -> dict[str, bytes]:
    return _read("dash", path, names)


def _read(shell: str, path: Path, names: list[str]) -> dict[str, bytes]:
    # The shell prints them with its own `printf`: thousands of values are too many for a command's environment. The
    # `x` tells an empty variable from one that is not set.
    prints = "".join(f"printf '%s\\000' \"${{{name}+x}}${name}\"\n" for name in names)
    done = subprocess.run(
        [shell, "-s", str(path.resolve())],
        input=f'set -a\n. "$1"\n{prints}'.encode(), capture_output=True, check=True, env=_ENVIRONMENT,
    )
    if done.stderr:
        raise ValueError(f"{shell} complains: {done.stderr[:200]!r}")
    values = done.stdout.split(b"\0")[:-1]
    if len(values) != len(names):
        raise ValueError(f"{shell} stopped: {len(values)} of {len(names)} values")
    return {name: value[1:] for name, value in zip(names, values) if value}


def environment(shell: str, path: Path) -> dict[str, bytes]:
    """The environment of a command that `shell` starts once it has sourced `path`."""
    done = subprocess.run(
        [shell, "-c", 'set -a; . "$0"; exec /usr/bin/env -0', str(path.resolve())],
        check=True, capture_output=True, env=_ENVIRONMENT,
    )
    return variables.parse(done.stdout)

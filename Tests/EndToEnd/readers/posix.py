"""What bash and dash have in common: `set -a; . file`, and then the values from the shell itself."""

import subprocess
from pathlib import Path


def read(shell: str, path: Path, names: list[str]) -> dict[str, bytes]:
    """The values of `names` once `shell` has sourced `path`; names that are not set are left out."""
    # The shell prints them with its own `printf`: thousands of values are too many for a command's environment. The
    # `x` tells an empty variable from one that is not set.
    prints = "".join(f"printf '%s\\000' \"${{{name}+x}}${name}\"\n" for name in names)
    done = subprocess.run(
        [shell, "-s", str(path.resolve())],
        input=f'set -a\n. "$1"\n{prints}'.encode(),
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    if done.stderr:
        raise ValueError(f"{shell} complains: {done.stderr[:200]!r}")
    values = done.stdout.split(b"\0")[:-1]
    if len(values) != len(names):
        raise ValueError(f"{shell} stopped: {len(values)} of {len(names)} values")
    return {name: value[1:] for name, value in zip(names, values) if value}

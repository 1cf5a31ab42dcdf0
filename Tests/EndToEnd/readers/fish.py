"""The real fish: `source file`, and then the values from the shell itself."""

import subprocess
from pathlib import Path


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    # As with bash and dash, the shell's own `printf`, and `x` before what is set.
    prints = "".join(f"set -q {name}; and printf 'x%s\\0' \"${name}\"; or printf '\\0'\n" for name in names)
    done = subprocess.run(
        ["fish", "--no-config", "-c", "source $argv[1]; or exit 1; source -", str(path.resolve())],
        input=prints.encode(),
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
    )
    values = done.stdout.split(b"\0")[:-1]
    if len(values) != len(names):
        raise ValueError(f"fish stopped: {len(values)} of {len(names)} values, {done.stderr[:200]!r}")
    return {name: value[1:] for name, value in zip(names, values) if value}

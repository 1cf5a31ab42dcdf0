"""The real python-dotenv: `dotenv_values` with its defaults."""

import subprocess
import sys
from pathlib import Path

from . import variables

_PROGRAM = """
import sys
from dotenv import dotenv_values
for name, value in dotenv_values(sys.argv[1]).items():
    sys.stdout.buffer.write(f"{name}={value}\\0".encode())
"""


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    # Nothing of the environment, which `${…}` would look up; UTF-8 mode, since the locale is then C.
    output = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(path)], check=True, capture_output=True, env={}
    ).stdout
    return variables.parse(output)

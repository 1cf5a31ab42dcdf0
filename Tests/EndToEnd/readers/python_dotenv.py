"""python-dotenv as it is installed for the Python given: `dotenv_values` with its defaults."""

import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
from dotenv import dotenv_values
for name, value in dotenv_values(sys.argv[1]).items():
    if value is not None:
        sys.stdout.buffer.write(f"{name}={value}\\0".encode("utf-8", "surrogatepass"))
"""


def read(path: Path, names: list[str], python: str = sys.executable) -> dict[str, bytes]:
    """The variables of `names` that python-dotenv finds in the file at `path`."""
    # Nothing of the environment, which `${…}` would look up; UTF-8 mode, since the locale is then C.
    output = subprocess.run(
        [python, "-I", "-X", "utf8", "-c", _PROGRAM, str(path)], check=True, capture_output=True, env={}
    ).stdout
    found = dict(entry.split(b"=", 1) for entry in output.split(b"\0") if entry)
    return {name: found[name.encode()] for name in names if name.encode() in found}

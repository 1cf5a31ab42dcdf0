"""The real docker-compose 1.29, which Debian 12 has, in its `env_vars_from_file`; it reads with python-dotenv 0.21.

Its `config` would be the whole program, but writes YAML that does not read back everywhere (U+0085 turns blank).
"""

import subprocess
from pathlib import Path

import pytest

from . import variables

_PYTHON = ["/usr/bin/python3", "-I", "-X", "utf8", "-c"]
_PROGRAM = """
import sys
from compose.config.environment import env_vars_from_file
for name, value in env_vars_from_file(sys.argv[1]).items():
    sys.stdout.buffer.write(f"{name}={value}\\0".encode())
"""


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    if subprocess.run([*_PYTHON, "import compose"], capture_output=True).returncode != 0:
        pytest.skip("docker-compose 1 is not installed; later versions are another program, ported in compose.py")
    output = subprocess.run([*_PYTHON, _PROGRAM, str(path)], check=True, capture_output=True, env={}).stdout
    return variables.parse(output)

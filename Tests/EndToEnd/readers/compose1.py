"""docker-compose 1.29 (Debian's, on python-dotenv 0.21): its own `env_vars_from_file`, and for a whole run `config`."""

import subprocess
from pathlib import Path

_PROGRAM = """
import sys
from compose.config.environment import env_vars_from_file
for name, value in env_vars_from_file(sys.argv[1]).items():
    if value is not None:
        sys.stdout.buffer.write(f"{name}={value}\\0".encode("utf-8", "surrogatepass"))
"""


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    """The variables of `names` that Compose 1 takes from `env_file: path`."""
    output = subprocess.run(
        ["/usr/bin/python3", "-I", "-X", "utf8", "-c", _PROGRAM, str(path)], check=True, capture_output=True, env={}
    ).stdout
    found = dict(entry.split(b"=", 1) for entry in output.split(b"\0") if entry)
    return {name: found[name.encode()] for name in names if name.encode() in found}


def read_config(path: Path, names: list[str]) -> dict[str, bytes]:
    """The same by `docker-compose config`, the whole program; needs PyYAML."""
    import yaml

    project = path.parent / f"{path.name}.yml"
    project.write_text(f"version: '3'\nservices:\n  one:\n    image: none\n    env_file: [{path}]\n")
    output = subprocess.run(
        ["/usr/bin/docker-compose", "-f", str(project), "config"],
        check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, cwd=path.parent,
    ).stdout
    # `config` writes a Compose file, in which `$$` is a `$`.
    found = yaml.safe_load(output)["services"]["one"].get("environment", {})
    return {name: str(found[name]).replace("$$", "$").encode() for name in names if name in found}

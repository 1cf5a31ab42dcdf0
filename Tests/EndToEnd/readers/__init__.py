"""The readers that env files are written for: the real programs, and ports of those that do not run here.

Each is a function of a file and names that returns all it finds in the file, as bytes by name. The names are for
shells, which must be asked for each variable. A reader raises where the program it stands for refuses the file.
"""

from . import compose, docker, docker_compose, fish, github, json_file, kubernetes, node, node24, posix, python_dotenv
from . import systemd, yaml_file

READERS = {
    "shell": {"bash": posix.read_by_bash, "dash": posix.read_by_dash, "systemd": systemd.read},
    "dotenv": {"python-dotenv": python_dotenv.read},
    "compose": {"docker-compose": docker_compose.read, "compose-go": compose.read},
    "docker": {"docker": docker.read},
    "node": {"parseEnv": node.read, "--env-file": node.read_env_file, "node 24": node24.read},
    "json": {"json": json_file.read},
    "yaml": {"PyYAML": yaml_file.read},
    "github": {"runner": github.read},
    "fish": {"fish": fish.read},
    "kubernetes": {"Secret": kubernetes.read},
}

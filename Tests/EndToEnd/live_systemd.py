"""A systemd of a user's own, alive: in namespaces of its own, so that it finds nothing of this machine's and leaves nothing."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from conftest import PROGRAM

SYSTEMD = "/lib/systemd/systemd"
HOME = "/home/coffer"
# As init and logind prepare a login: mounts that are seen by all below, control groups that belong to the user, the folder
# of the login; and a home with the program. The shell is the first process, so that all others end with it.
PREPARE = """
set -eu
mount --make-rshared /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /home
while read -r type options place; do umount "$place" && mount -t "$type" -o "$options" none "$place"; done <<groups
$5
groups
mkdir -p /run/systemd/system /run/systemd/unit-root /run/systemd/inaccessible/dir
chmod 0 /run/systemd/inaccessible/dir
install -d -o "$1" -g "$1" -m 0700 "/run/user/$1" "$2"
install -d "$2/bin"
mount --bind "$3" "$2/bin"
cd "$2"
setpriv --reuid "$1" --regid "$1" --clear-groups --inh-caps=-all --bounding-set=-all \\
    env -i HOME="$2" PATH=/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$1" "$4" --user &
wait
"""


def refusal():
    """Why none can be started here; None where one can."""
    if os.geteuid() != 0:
        return "only root can make the namespaces"
    if not Path(SYSTEMD).exists():
        return "systemd is not installed"
    missing = [name for name in ("unshare", "nsenter", "setpriv") if not shutil.which(name)]
    if missing:
        return f"{missing[0]} is not installed"
    if not groups():
        return "there are no control groups for systemd"
    return None


def groups():
    """The trees of control groups that systemd uses: the second version, or beside the first its own. Type, options, place."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    found = [("cgroup2", "rw", place) for _, place, type, *_ in mounts if type == "cgroup2"]
    found += [("cgroup", "none,name=systemd", place) for _, place, _, options, *_ in mounts if "name=systemd" in options]
    return [group for group in found if os.access(group[2], os.W_OK)]


class LiveSystemd:
    """A user's manager, and commands that are run as that user beside it."""

    def __init__(self, user):
        self.user = user
        self.groups = [Path(place) / f"coffer-test-{user}" for _, _, place in groups()]
        for group in self.groups:
            group.mkdir()
            for path in [group, *group.glob("cgroup.*")]:
                os.chown(path, user, user)
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--cgroup", "sh", "-c", PREPARE, "sh", str(user), HOME,
             PROGRAM.resolve().parent, SYSTEMD, "\n".join(" ".join(group) for group in groups())],
            stdin=subprocess.DEVNULL, preexec_fn=self.enter_groups, start_new_session=True)

    def enter_groups(self):
        for group in self.groups:
            (group / "cgroup.procs").write_text("0")

    def wait(self):
        """Waits until it is up."""
        end = time.monotonic() + 60
        while self.run("systemctl", "--user", "is-system-running").stdout.strip() not in (b"running", b"degraded"):
            assert self.process.poll() is None and time.monotonic() < end, "systemd did not start"
            time.sleep(0.1)

    def run(self, *command, input=None, env=None):
        """Runs a command as the user, where systemd is. Output is bytes; nothing is checked."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        environment = {"HOME": HOME, "PATH": f"{HOME}/bin:/usr/bin:/bin", "XDG_RUNTIME_DIR": f"/run/user/{self.user}"}
        return subprocess.run(
            ["nsenter", "--target", *children[:1], "--mount", "--pid", "--cgroup", "setpriv", "--reuid", str(self.user),
             "--regid", str(self.user), "--clear-groups", "--inh-caps=-all", "env", "-i", f"--chdir={HOME}",
             *[f"{name}={value}" for name, value in (environment | (env or {})).items()], *map(str, command)],
            input=input, capture_output=True, timeout=120)

    def ok(self, *command, input=None, env=None):
        """The same for a command that must succeed; gives its standard output."""
        done = self.run(*command, input=input, env=env)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def end(self):
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + 30
        while not all(map(self.remove, self.groups)):
            assert time.monotonic() < end, "processes are left"
            time.sleep(0.1)

    @staticmethod
    def remove(group):
        """Removes a control group with those below it. Returns whether it is gone: it stays while it has processes."""
        try:
            for path, _, _ in os.walk(group, topdown=False):
                os.rmdir(path)
            return True
        except OSError:
            return False

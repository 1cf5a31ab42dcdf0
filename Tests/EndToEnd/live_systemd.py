"""A systemd of a user's own, alive: in namespaces of its own, so that it finds nothing of this machine's and leaves nothing."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
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
mount --bind "$3" /mnt
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /home
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
while read -r type options place; do umount "$place" && mount -t "$type" -o "$options" none "$place"; done <<groups
$5
groups
mkdir -p /run/systemd/system /run/systemd/unit-root /run/systemd/inaccessible/dir
chmod 0 /run/systemd/inaccessible/dir
install -d -o "$1" -g "$1" -m 0700 "/run/user/$1" "$2"
install -d "$2/bin"
mount --bind /mnt "$2/bin"
cd "$2"
setpriv --reuid "$1" --regid "$1" --clear-groups --inh-caps=-all --bounding-set=-all \\
    env -i HOME="$2" PATH=/usr/bin:/bin XDG_RUNTIME_DIR="/run/user/$1" "$4" --user &
wait
"""


def refusal():
    """Why none can be started here; None where one can."""
    missing = [name for name in ("unshare", "nsenter", "setpriv") if not shutil.which(name)]
    if missing:
        return f"{missing[0]} is not installed"
    if not Path(SYSTEMD).exists():
        return "systemd is not installed"
    if os.geteuid() != 0 or subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--cgroup", "true"], capture_output=True).returncode != 0:
        return "only root can make the namespaces, and not in all containers"
    return None if groups() else "there are no control groups for systemd"


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
        self.groups = []
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        trees = groups()
        for _, _, place in trees:
            group = Path(tempfile.mkdtemp(prefix="coffer-test-", dir=place))
            self.groups.append(group)
            for path in [group, *group.glob("cgroup.*")]:
                os.chown(path, self.user, self.user)
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--cgroup", "sh", "-c", PREPARE, "sh",
             str(self.user), HOME, PROGRAM.resolve().parent, SYSTEMD, "\n".join(" ".join(tree) for tree in trees)],
            stdin=subprocess.DEVNULL, preexec_fn=self.enter_groups, start_new_session=True)

    def enter_groups(self):
        """Puts what is started there, and has it end when these tests do, however they do."""
        for group in self.groups:
            (group / "cgroup.procs").write_text("0")
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)

    def wait(self):
        """Waits until it is up."""
        end = time.monotonic() + 60
        while self.run("systemctl", "--user", "is-system-running").stdout.strip() not in (b"running", b"degraded"):
            assert self.process.poll() is None and time.monotonic() < end, "systemd did not start"
            time.sleep(0.1)

    def run(self, *command, input=None, env=None, user=None):
        """Runs a command as the user, or another, where systemd is. Output is bytes; nothing is checked."""
        user = str(self.user if user is None else user)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        environment = {"HOME": HOME, "PATH": f"{HOME}/bin:/usr/bin:/bin", "XDG_RUNTIME_DIR": f"/run/user/{self.user}"}
        return subprocess.run(
            ["nsenter", "--target", *children[:1], "--mount", "--pid", "--cgroup", "setpriv", "--reuid", user,
             "--regid", user, "--clear-groups", "--inh-caps=-all", "env", "-i", f"--chdir={HOME}",
             *[f"{name}={value}" for name, value in (environment | (env or {})).items()], *map(str, command)],
            input=input, capture_output=True, timeout=120)

    def ok(self, *command, **more):
        """The same for a command that must succeed; gives its standard output."""
        done = self.run(*command, **more)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def __exit__(self, *_):
        if self.process:
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

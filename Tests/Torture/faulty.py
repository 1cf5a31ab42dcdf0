"""Faults in what SQLite reads and writes, by a library of the suite's own that is loaded before the program."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from end_to_end import REPOSITORY

KINDS = ["error", "short", "sync", "full", "read", "kill", "cut"]
# The kinds that end the program, as `kill -9` and a power cut do.
DEADLY = {"kill", "cut"}


def library():
    """Compiles the shim, once for each change of it."""
    sources = sorted((Path(__file__).parent / "shim").iterdir())
    made = REPOSITORY / ".build" / "torture" / "faulty.so"
    if not made.exists() or any(source.stat().st_mtime > made.stat().st_mtime for source in sources):
        made.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: two workers may be at it.
        draft = made.with_name(f"faulty-{os.getpid()}.so")
        subprocess.run(
            ["cc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", draft,
             *(source for source in sources if source.suffix == ".c"), "-lsqlite3", "-lpthread"], check=True)
        draft.rename(made)
    return made


@dataclass
class Fault:
    """One fault: what happens, at which call; and afterwards, what the shim said of it."""

    kind: str
    at: int
    report: Path
    seed: int = 0

    def environment(self):
        """What makes it befall the program that is started with it."""
        self.report.unlink(missing_ok=True)
        return {"LD_PRELOAD": str(library()), "FAULTY_KIND": self.kind, "FAULTY_AT": str(self.at),
                "FAULTY_REPORT": str(self.report), "FAULTY_SEED": str(self.seed)}

    def said(self):
        return self.report.read_text().splitlines() if self.report.exists() else []

    def injected(self):
        """The call it befell, such as `xWrite`, or None."""
        return next((line.split()[1] for line in self.said() if line.startswith("injected ")), None)

    def calls(self):
        """How many calls there were that it could have befallen, in a program that came to its end."""
        return sum(int(line.split()[1]) for line in self.said() if line.startswith("calls "))

"""The shim does what it says: without that, the tests that use it would show nothing."""

import os
import sqlite3
import subprocess
import sys

import pytest

from faulty import DEADLY, KINDS, Fault

# Commits ten rows, each acknowledged by a line, with the synchronisation that the first argument names.
WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[2], isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = " + sys.argv[1])
database.execute("CREATE TABLE t (a BLOB)")
for number in range(10):
    database.execute("INSERT INTO t VALUES (?)", (bytes(3000),))
    print(number, flush=True)
"""


def write(fault, path, synchronous="FULL"):
    return subprocess.run(
        [sys.executable, "-c", WRITER, synchronous, path], env=dict(os.environ, **fault.environment()),
        capture_output=True, text=True, timeout=60)


def rows(path):
    try:
        return sqlite3.connect(path).execute("SELECT count(*) FROM t").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not even the table


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fault_is_felt(tmp_path, kind):
    calls = Fault(kind, 0, tmp_path / "report")
    assert write(calls, tmp_path / "counted").returncode == 0 and calls.calls() > 3
    # Amid the commits; what is read is read in the beginning.
    fault = Fault(kind, 2 if kind == "read" else calls.calls() // 2, tmp_path / "report")
    done = write(fault, tmp_path / "felt")
    assert fault.injected()
    if kind in DEADLY:
        assert done.returncode == -9
    else:
        assert done.returncode == 1 and "sqlite3.OperationalError" in done.stderr


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_power_cut_takes_back_what_was_not_synced_and_nothing_else(tmp_path, seed):
    lost = {}
    for synchronous in ("FULL", "OFF"):
        fault = Fault("cut", 60, tmp_path / "report", seed)
        done = write(fault, tmp_path / synchronous, synchronous)
        acknowledged = len(done.stdout.splitlines())
        assert done.returncode == -9 and acknowledged > 2
        lost[synchronous] = acknowledged - rows(tmp_path / synchronous)
    assert lost["FULL"] <= 0 < lost["OFF"]

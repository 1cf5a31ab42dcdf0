"""Signals sent to us are the task's, each once; we end when it does."""

import os
import signal
import subprocess
import time

import pytest

from tasks import (  # noqa: F401
    CONTROL_C, has_ended, python, run_command, started, state, until, vault, vault_with_token, Shell,
)

# Counts the signals it gets, and ends at SIGUSR2 or when asked to.
COUNTING = """
got = []
for name in "TERM HUP QUIT INT USR1 WINCH".split():
    signal.signal(getattr(signal, "SIG" + name), lambda n, _: (got.append(n), print("got", signal.Signals(n).name)))
def over(*_):
    print("all", sorted(got))
    sys.exit(9)
signal.signal(signal.SIGUSR2, over)
print("ready")
while True: signal.pause()
"""


@pytest.fixture
def shell(vault):
    shell = Shell(vault)
    yield shell
    shell.close()


def start(vault, *arguments, **more):
    more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "start_new_session": True, **more}
    return subprocess.Popen(run_command(vault, *arguments), env=vault.environment(), **more)


def test_signals_are_passed_on_once_each(vault):
    process = start(vault, *python(COUNTING))
    assert process.stdout.readline() == b"ready\n"
    for name in ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGINT"]:
        process.send_signal(getattr(signal, name))
        assert process.stdout.readline() == f"got {name}\n".encode()
    process.send_signal(signal.SIGUSR2)
    assert process.stdout.read() == b"all [1, 2, 3, 10, 15]\n"
    assert process.wait(20) == 9


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGINT])
def test_a_signal_that_ends_the_task_ends_us_with_its_status(vault, number):
    process = start(vault, "sh", "-c", "ulimit -c 0; echo ready; exec sleep 60")
    process.stdout.readline()
    process.send_signal(number)
    assert process.wait(20) == 128 + number


def test_a_signal_at_the_very_start_is_not_lost(vault):
    for delay in range(0, 40, 2):
        process = start(vault, "sleep", "60")
        # Once it is our program that runs.
        until(lambda: b"sleep" in open(f"/proc/{process.pid}/cmdline", "rb").read())
        time.sleep(delay / 1000)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (128 + signal.SIGTERM, -signal.SIGTERM)


def test_the_task_is_never_killed(vault):
    process = start(vault, *python("signal.signal(signal.SIGTERM, lambda *_: print('no'))\nprint(os.getpid())\n"
                                   "while True: signal.pause()"))
    task = int(process.stdout.readline())
    for _ in range(3):
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == b"no\n"
    assert process.poll() is None
    os.kill(task, signal.SIGKILL)
    assert process.wait(20) == 137


def test_signals_are_passed_on_while_nobody_reads(vault):
    file = vault.folder / "pid"
    process = start(vault, *python(f"""
def over(*_): open("{vault.folder}/over", "w").close(); os._exit(3)
signal.signal(signal.SIGTERM, over)
open("{file}", "w").write(f"{{os.getpid()}}\\n")
while True: os.write(1, b"x" * 65536)
"""))
    task = started(file)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    until(lambda: has_ended(task))
    assert (vault.folder / "over").exists()
    # The task is gone; the next one is for us, who still hold what it wrote.
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == -signal.SIGTERM


def test_ignored_signals_stay_ignored(vault):
    ignoring = lambda: [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGHUP, signal.SIGINT)]
    process = start(vault, "sh", "-c", "grep SigIgn /proc/self/status; echo ready; exec sleep 60", preexec_fn=ignoring)
    assert int(process.stdout.readline().split()[1], 16) & 0b11 == 0b11
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 143


def test_an_ignored_end_of_children_does_not_lose_the_status(vault):
    process = start(vault, "sh", "-c", "exit 4", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert process.wait(20) == 4


def test_on_pipes_under_a_terminal_control_c_is_the_tasks_and_counted_once(shell, vault):
    output = vault.folder / "output"
    shell.run(*python(COUNTING), after=f" >{output}")
    until(lambda: output.exists() and "ready" in output.read_text())
    for count in 1, 2, 3:
        shell.send(CONTROL_C)
        until(lambda: output.read_text().count("got SIGINT") >= count)
    shell.send("\x1c")
    until(lambda: "got SIGQUIT" in output.read_text())
    ours = int(children(shell.child.pid)[0])
    # Told by somebody else than the terminal, and still not passed on: under a terminal it would come twice.
    os.kill(ours, signal.SIGINT)
    os.kill(ours, signal.SIGUSR2)
    assert shell.status() == 9
    assert output.read_text().endswith("all [2, 2, 2, 3]\n")


def children(pid):
    return open(f"/proc/{pid}/task/{pid}/children").read().split()


def test_signals_reach_a_task_on_a_terminal_of_its_own(shell, vault):
    shell.run(*python(COUNTING))
    shell.expect("ready\r\n")
    ours = int(children(shell.child.pid)[0])
    for name in ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGINT"]:
        os.kill(ours, getattr(signal, name))
        shell.expect(f"got {name}\r\n")
    os.kill(ours, signal.SIGUSR2)
    shell.expect("all [1, 2, 3, 10, 15]\r\n")
    assert shell.status() == 9


def test_term_to_us_leaves_the_terminal_as_it_was(shell):
    shell.run("sh", "-c", "stty raw -echo; echo ready; exec sleep 60")
    shell.expect("ready")
    os.kill(int(children(shell.child.pid)[0]), signal.SIGTERM)
    assert shell.status() == 143


def test_nohup_keeps_a_task_through_a_hang_up(vault):
    shell = Shell(vault)
    file = vault.folder / "pid"
    shell.run("sh", "-c", f"echo $$ >{file}; exec sleep 60", before="nohup ", after=" </dev/null >/dev/null 2>&1 &")
    pid = started(file)
    shell.prompt()
    shell.close()
    until(lambda: state(pid) == "S")
    time.sleep(0.3)
    assert not has_ended(pid)
    os.kill(pid, signal.SIGKILL)

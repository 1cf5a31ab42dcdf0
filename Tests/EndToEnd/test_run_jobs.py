"""Under an interactive shell: a task is a job like others, with Ctrl-Z, `fg`, `bg` and `&`."""

import os
import shlex
import signal

import pytest

from tasks import (  # noqa: F401
    CONTROL_BACKSLASH, CONTROL_C, CONTROL_D, CONTROL_Z, has_ended, python, run_command, started, state, until,
    vault, vault_with_token, Shell,
)

# Says that it was continued, and answers lines.
ANSWERING = python("""
signal.signal(signal.SIGCONT, lambda *_: print("continued"))
print("ready")
for line in sys.stdin: print("answer", line.strip()[::-1])
""")


def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])


@pytest.fixture
def shell(vault):
    shell = Shell(vault)
    yield shell
    shell.close()


def test_control_z_stops_and_fg_continues_twice_in_a_row(shell):
    shell.run(*ANSWERING)
    shell.expect("ready\r\n")
    for word in "one", "two":
        shell.send(CONTROL_Z).expect("Stopped")
        shell.prompt()
        assert shell.line("stty -g").strip() == shell.modes
        shell.send("fg\r").expect("continued\r\n")
        shell.send(word + "\r").expect(f"{word}\r\nanswer {word[::-1]}\r\n")
    shell.send(CONTROL_D)
    assert shell.status() == 0


def test_what_was_written_before_a_stop_is_shown(shell):
    for number in range(20):
        shell.run("sh", "-c", f"printf 'number %d' {number}; kill -TSTP $$; echo; echo continued")
        assert f"number {number}" in shell.expect("Stopped")
        shell.prompt()
        shell.send("fg\r").expect("continued\r\n")
        assert shell.status() == 0


def test_a_stopped_task_can_go_on_in_the_background(shell, vault):
    file, going = vault.folder / "done", vault.folder / "going"
    shell.run(*python(f"""
signal.signal(signal.SIGCONT, lambda *_: open("{going}", "w"))
print("ready")
while not os.path.exists("{going}"): time.sleep(0.02)
open("{file}", "w")
"""))
    shell.expect("ready\r\n")
    shell.send(CONTROL_Z).expect("Stopped")
    shell.prompt()
    assert not file.exists()
    shell.line("bg")
    until(file.exists)
    shell.line("wait")


def test_a_task_in_the_background_that_wants_a_line_stops_until_fg(shell):
    shell.run(*ANSWERING, after=" &")
    shell.expect("ready")
    until(lambda: "Stopped (tty input)" in shell.line("jobs -l"))
    shell.send("fg\r").expect("continued\r\n")
    shell.send("word\r").expect("word\r\nanswer drow\r\n")
    shell.send(CONTROL_C)
    shell.status()


def test_a_task_brought_from_the_background_gets_what_is_typed(shell):
    # It waits for input without asking for it, so that nothing stops it before.
    shell.run(*python("""
print("ready")
select.select([0], [], [])
print("answer", sys.stdin.readline().strip())
"""), after=" &")
    shell.expect("ready")
    shell.send("fg\r").expect("/task\r\n")
    # Whether it comes before or after we have noticed the foreground, the line is not lost.
    shell.send("word\r").expect("answer word\r\n")
    assert shell.status() == 0


def test_a_task_in_the_background_leaves_the_terminal_alone(shell):
    shell.run("sleep", "60", after=" &")
    shell.prompt()
    assert shell.line("stty -g").strip() == shell.modes
    shell.line("kill %1; wait %1")
    assert shell.line("stty -g").strip() == shell.modes


def test_a_script_stops_as_a_whole(shell, vault):
    script = vault.folder / "script"
    script.write_text(shlex.join(run_command(vault, *ANSWERING)) + "\necho script over $?\n")
    shell.send(f"sh {script}\r").expect("ready\r\n")
    shell.send(CONTROL_Z).expect("Stopped")
    shell.prompt()
    shell.send("fg\r").expect("continued\r\n")
    shell.send("word\r").expect("answer drow\r\n")
    shell.send(CONTROL_D).expect("script over 0\r\n")
    assert shell.status() == 0


def test_control_z_stops_a_task_with_piped_input(shell, vault):
    go = vault.folder / "go"
    shell.run(
        *python('print("ready")\nsys.stdin.read()\nprint("went on")'),
        before=f"sh -c 'until [ -e {go} ]; do sleep 0.1; done' | ")
    shell.expect("ready")
    shell.send(CONTROL_Z).expect("Stopped")
    shell.prompt()
    go.touch()
    shell.send("fg\r").expect("went on")
    assert shell.status() == 0


def test_control_z_stops_a_task_on_pipes(shell, vault):
    go = vault.folder / "go"
    shell.run(
        *python(f'print("ready")\nwhile not os.path.exists("{go}"): time.sleep(0.02)\nprint("went on")'),
        after=" | cat")
    shell.expect("ready")
    shell.send(CONTROL_Z).expect("Stopped")
    shell.prompt()
    go.touch()
    shell.send("fg\r").expect("went on")
    assert shell.status() == 0


def test_vim_stops_and_comes_back(shell, vault):
    file = vault.folder / "file"
    shell.run("vim", "-u", "NONE", "-N", file)
    shell.expect("\x1b[?1049h")
    shell.send("ifirst \x1b")
    for _ in range(2):
        shell.send(CONTROL_Z).expect("Stopped")
        shell.prompt()
        shell.send("fg\r").expect("\x1b[?1049h")
    shell.send("asecond\x1b:wq\r")
    assert shell.status() == 0
    assert file.read_text() == "first second\n"


def test_vim_in_the_background_stops_until_fg(shell, vault):
    file = vault.folder / "file"
    shell.run("vim", "-u", "NONE", "-N", file, after=" &")
    shell.prompt()
    until(lambda: "Stopped" in shell.line("jobs"))
    shell.send("fg\r")
    shell.send("itext\x1b:wq\r")
    assert shell.status() == 0
    assert file.read_text() == "text\n"


def test_the_window_size_is_ours_again_after_a_stop(shell):
    shell.run(*python("""
going = []
signal.signal(signal.SIGCONT, lambda *_: going.append(True))
print("ready")
while True:
    time.sleep(0.1)
    if going: print("size", *os.get_terminal_size())
"""))
    shell.expect("ready")
    shell.send(CONTROL_Z).expect("Stopped")
    shell.prompt()
    shell.child.setwinsize(33, 155)
    shell.send("fg\r").expect("size 155 33\r\n")
    shell.send(CONTROL_BACKSLASH)
    assert shell.status() == 131


def test_a_stop_that_cannot_be_caught_leaves_no_raw_terminal_behind(shell, vault):
    file = vault.folder / "pid"
    shell.run("sh", "-c", f"echo $PPID >{file}; read line; echo got $line")
    monitor = started(file)
    ours = parent(monitor)
    os.kill(ours, signal.SIGSTOP)
    shell.expect("Stopped")
    shell.prompt()
    shell.send("fg\r")
    until(lambda: state(ours) == "S")
    shell.send("word\r").expect("got word\r\n")
    assert shell.status() == 0


def test_a_stop_signal_to_us_stops_the_task_and_us(shell, vault):
    file = vault.folder / "pids"
    shell.run(*python(f'open("{file}", "w").write(str(os.getpid()) + "\\n")\nprint("got", sys.stdin.readline())'))
    pid = started(file)
    ours = parent(parent(pid))
    os.kill(ours, signal.SIGTSTP)
    shell.expect("Stopped")
    shell.prompt()
    assert (state(ours), state(pid)) == ("T", "T")
    shell.send("fg\r")
    until(lambda: state(pid) == "S")
    shell.send("word\r").expect("got word")
    assert shell.status() == 0


def test_a_task_that_outlives_its_shell_is_hung_up(vault):
    shell = Shell(vault)
    file = vault.folder / "pid"
    shell.run("sh", "-c", f"echo $$ >{file}; sleep 60")
    pid = started(file)
    shell.close()
    until(lambda: has_ended(pid))


def test_an_orphaned_task_that_wants_a_line_waits_quietly(shell, vault):
    file = vault.folder / "pid"
    shell.run("sh", "-c", f"echo $$ >{file}; read line", before="(", after=" </dev/tty &)")
    pid = started(file)
    until(lambda: state(pid) == "T")
    spent = lambda: sum(map(int, open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[11:13]))
    before = spent()
    assert shell.line("sleep 0.5") == ""
    assert (state(pid), spent() - before) == ("T", 0)
    monitor = parent(pid)
    os.kill(parent(monitor), signal.SIGTERM)
    until(lambda: has_ended(pid) and has_ended(monitor))

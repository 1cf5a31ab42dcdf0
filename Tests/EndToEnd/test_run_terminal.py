"""On a terminal: the task sees one of its own, and what is typed and shown goes through as if nothing were between."""

import hashlib
import os
import re
import shlex
import signal

import pexpect
import pytest

from tasks import (  # noqa: F401
    CONTROL_C, CONTROL_D, CONTROL_Z, LABEL, NAME, VALUE, has_ended, memory, python, run_command, started, until, vault,
    vault_with_token,
)


def task(vault, *arguments, redirect="", dimensions=(24, 200), **more):
    """A task on a terminal, started by a shell that shows its status and the terminal's modes afterwards."""
    # A Ctrl-C that goes to the whole group must leave the shell.
    command = f'trap : INT; stty -g; {shlex.join(run_command(vault, *arguments))} {redirect}; echo "status $?"; stty -g'
    child = pexpect.spawn(
        "sh", ["-c", command], env=vault.environment(TERM="xterm-256color"), encoding="utf-8", dimensions=dimensions,
        timeout=60, **more)
    child.delaybeforesend = None
    child.modes = child.readline()
    return child


def end(child):
    """What was shown until the end, and the exit status, once the terminal is known to be as it was before."""
    child.expect(r"status (\d+)\r\n")
    shown, status = child.before, int(child.match[1])
    assert child.read() == child.modes
    child.close()
    return shown, status


def test_the_task_sees_a_terminal_of_its_own(vault):
    ours = task(vault, *python("print([os.isatty(n) for n in range(3)], os.ttyname(0) == os.ttyname(2), os.ttyname(1))"))
    shown, status = end(ours)
    assert shown.startswith("[True, True, True] True /dev/pts/")
    assert status == 0


def test_the_task_has_no_descriptors_but_the_terminal(vault):
    shown, _ = end(task(vault, *python('print(sorted(map(int, os.listdir("/proc/self/fd"))))')))
    assert shown == "[0, 1, 2, 3]\r\n"


def test_the_task_leads_the_foreground_of_its_terminal(vault):
    shown, _ = end(task(vault, *python(
        "print(os.tcgetpgrp(0) == os.getpgrp() == os.getpid(), os.getsid(0) != os.getpid(), os.getsid(0) == os.getppid())")))
    assert shown == "True True True\r\n"


def test_colours_are_kept_and_the_secret_is_not(vault):
    (vault.folder / "folder").mkdir()
    shown, _ = end(task(vault, "sh", "-c", f'ls --color=auto {vault.folder}; echo "${NAME}"; echo "${NAME}" >&2'))
    assert re.search(r"\x1b\[01;34mfolder\x1b\[0m", shown)
    assert shown.endswith(f"{LABEL}\r\n{LABEL}\r\n")


def test_line_ends_are_as_without_us(vault):
    assert end(task(vault, "printf", r"a\nb\r\nc\n"))[0] == "a\r\nb\r\r\nc\r\n"
    # Our terminal is not raw then, and converts them once more, which cannot be seen.
    assert end(task(vault, "printf", r"a\nb\n", redirect="</dev/null"))[0] == "a\r\r\nb\r\r\n"


@pytest.mark.parametrize("status", [0, 3])
def test_the_exit_status_is_the_tasks(vault, status):
    assert end(task(vault, "sh", "-c", f"exit {status}")) == ("", status)


def test_a_program_that_cannot_be_started_leaves_the_terminal_as_it_was(vault):
    assert end(task(vault, "no-such-program"))[1] == 127
    assert end(task(vault, vault.folder))[1] == 126


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_task_that_is_killed_leaves_the_terminal_as_it_was(vault, number):
    assert end(task(vault, "sh", "-c", f"stty raw; kill -{number} $$"))[1] == 128 + number


def test_the_window_size_is_ours_at_the_start_and_after_changes(vault):
    child = task(vault, *python("""
def size(*_): print("size", *os.get_terminal_size())
signal.signal(signal.SIGWINCH, size)
size()
while True: signal.pause()
"""), dimensions=(30, 100))
    child.expect_exact("size 100 30\r\n")
    child.setwinsize(41, 121)
    child.expect_exact("size 121 41\r\n")
    child.setwinsize(10, 20)
    child.expect_exact("size 20 10\r\n")
    child.send(CONTROL_C)
    end(child)


def test_control_c_is_the_tasks(vault):
    child = task(vault, "sh", "-c", "echo ready; exec sleep 60")
    child.expect_exact("ready")
    child.send(CONTROL_C)
    assert end(child)[1] == 130


def test_control_c_arrives_once_and_the_task_may_go_on(vault):
    child = task(vault, *python("""
count = 0
def interrupt(*_):
    global count
    count += 1
    print("interrupt", count)
signal.signal(signal.SIGINT, interrupt)
print("ready")
print("line", sys.stdin.readline().strip(), count)
"""))
    child.expect_exact("ready\r\n")
    for count in 1, 2:
        child.send(CONTROL_C)
        child.expect_exact(f"interrupt {count}\r\n")
    child.send("on\r")
    child.expect_exact("line on 2\r\n")
    assert end(child) == ("", 0)


def test_what_is_typed_is_echoed_once_and_read(vault):
    child = task(vault, "cat")
    child.send("hello\r")
    child.expect_exact("hello\r\nhello\r\n")
    child.send(CONTROL_D)
    assert end(child)[1] == 0


def test_a_password_is_not_echoed(vault):
    child = task(vault, *python("import getpass; print(getpass.getpass('Password: ')[::-1])"))
    child.expect_exact("Password: ")
    child.send("terces\r")
    child.expect_exact("\r\nsecret\r\n")
    assert end(child)[1] == 0


def test_piped_input_is_the_tasks_own(vault):
    data = vault.folder / "piped"
    data.write_bytes(os.urandom(1 << 20))
    child = task(vault, "sh", "-c", "sha256sum; test -t 0 || test -t 1 && echo apart", redirect=f"<{data}")
    shown, status = end(child)
    assert (shown, status) == (hashlib.sha256(data.read_bytes()).hexdigest() + "  -\r\r\napart\r\r\n", 0)


def test_control_c_reaches_a_task_with_piped_input(vault):
    child = task(vault, "sh", "-c", "echo ready; exec sleep 60", redirect="</dev/null")
    child.expect_exact("ready")
    child.send(CONTROL_C)
    assert end(child)[1] == 130


def test_a_task_with_piped_input_can_ask_on_the_terminal(vault):
    child = task(vault, *python(
        "import getpass; print(getpass.getpass('Password: ')[::-1], sys.stdin.read())"), redirect="</dev/null")
    child.expect_exact("Password: ")
    child.send("terces\r")
    child.expect_exact("\r\nsecret \r\n")
    assert end(child)[1] == 0


def test_window_changes_reach_a_task_with_piped_input(vault):
    child = task(vault, *python("""
signal.signal(signal.SIGWINCH, lambda *_: print("size", *os.get_terminal_size(1)))
print("ready")
while True: signal.pause()
"""), redirect="</dev/null")
    child.expect_exact("ready")
    child.setwinsize(41, 121)
    child.expect_exact("size 121 41\r")
    child.close(force=True)


def test_errors_stay_apart_where_they_go_elsewhere(vault):
    errors = vault.folder / "errors"
    shown, _ = end(task(vault, "sh", "-c", f'echo out; test -t 2 || echo "${NAME}" >&2', redirect=f"2>{errors}"))
    assert (shown, errors.read_text()) == ("out\r\n", f"{LABEL}\n")


def test_a_hundred_megabytes_arrive_whole_and_in_order(vault):
    lines = 1_000_000
    child = task(vault, *python(f"for i in range({lines}): sys.stdout.write(f'{{i:099}}\\n')".replace("\n", ";")),
                 maxread=1 << 16)
    digest, rest, count = hashlib.sha256(), b"", 0
    while count < lines * 101:
        piece = os.read(child.child_fd, 1 << 16)
        rest += piece
        keep = min(len(rest), lines * 101 - count)
        digest.update(rest[:keep])
        count, rest = count + keep, rest[keep:]
    expected = hashlib.sha256()
    for i in range(0, lines, 10000):
        expected.update(b"".join(b"%099d\r\n" % j for j in range(i, i + 10000)))
    assert digest.digest() == expected.digest()
    child.buffer = rest.decode()
    assert end(child)[1] == 0


def test_a_megabyte_pasted_into_a_slow_reader_arrives_while_it_writes(vault):
    count = 1 << 20
    child = task(vault, *python(f"""
import tty
tty.setraw(0)
print("ready")
import hashlib
digest, total = hashlib.sha256(), 0
while total < {count}:
    piece = os.read(0, 4096)
    digest.update(piece)
    total += len(piece)
    os.write(1, b"." * len(piece))
    if total % 65536 < 4096: time.sleep(0.01)
print(digest.hexdigest())
"""))
    child.expect_exact("ready")
    pasted = ("0123456789abcde\r" * (count // 16)).encode()
    sent = shown = 0
    os.set_blocking(child.child_fd, False)
    seen = b""
    while sent < count or b"status" not in seen:
        try:
            sent += os.write(child.child_fd, pasted[sent:sent + 4096])
        except BlockingIOError:
            pass
        try:
            seen += os.read(child.child_fd, 1 << 16)
        except BlockingIOError:
            until(lambda: True)
    assert seen.count(b".") == count
    assert hashlib.sha256(pasted).hexdigest().encode() in seen
    child.close(force=True)


def test_vim_works(vault):
    file = vault.folder / "file"
    child = task(vault, "vim", "-u", "NONE", "-N", str(file))
    child.expect_exact("\x1b[?1049h")
    child.send("iwritten in vim")
    child.expect("written in vim")
    child.send("\x1b:wq\r")
    child.expect_exact("\x1b[?1049l")
    assert end(child)[1] == 0
    assert file.read_text() == "written in vim\n"


def test_top_works_and_leaves_at_a_key(vault):
    child = task(vault, "top", "-d", "1")
    child.expect_exact("PID")
    child.send("q")
    assert end(child)[1] == 0


def test_a_shell_within_has_jobs_of_its_own(vault):
    child = task(vault, "bash", "--norc", "--noprofile", "--noediting", "-i")
    child.sendline("PS1='IN''NER> '")
    child.expect_exact("INNER> ")
    child.sendline("cat")
    child.sendline("one")
    child.expect_exact("one\r\none\r\n")
    child.send(CONTROL_Z)
    child.expect("Stopped")
    child.expect_exact("INNER> ")
    child.sendline("fg")
    child.expect_exact("cat\r\n")
    child.sendline("two")
    child.expect_exact("two\r\ntwo\r\n")
    child.send(CONTROL_C)
    child.expect_exact("INNER> ")
    child.sendline("exit 5")
    assert end(child)[1] == 5


def test_a_descendant_does_not_keep_us_and_lives_on(vault):
    file = vault.folder / "pid"
    shown, status = end(task(vault, "sh", "-c", f"sleep 60 & echo $! >{file}; echo done"))
    assert (shown, status) == ("done\r\n", 0)
    assert not has_ended(started(file))
    os.kill(started(file), 9)


def test_the_task_is_hung_up_when_we_are_killed(vault):
    file = vault.folder / "pids"
    child = task(vault, *python(f"""
signal.signal(signal.SIGHUP, lambda *_: (open("{vault.folder}/hangup", "w").close(), os._exit(0)))
open("{file}", "w").write(f"{{os.getpid()}}\\n")
while True: signal.pause()
"""))
    pid = started(file)
    shell = child.pid
    ours = int(open(f"/proc/{shell}/task/{shell}/children").read())
    os.kill(ours, 9)
    until(lambda: has_ended(pid))
    assert (vault.folder / "hangup").exists()


def test_a_crash_leaves_the_terminal_as_it_was_and_hangs_up_the_task(vault):
    file = vault.folder / "pid"
    child = task(vault, "sh", "-c", f"stty raw; echo $$ >{file}; exec sleep 60")
    pid = started(file)
    os.kill(int(open(f"/proc/{child.pid}/task/{child.pid}/children").read()), signal.SIGSEGV)
    assert end(child)[1] == 128 + signal.SIGSEGV
    until(lambda: has_ended(pid))


def test_the_task_is_hung_up_with_our_terminal(vault):
    file = vault.folder / "pid"
    child = task(vault, *python(f"""
signal.signal(signal.SIGHUP, lambda *_: (open("{vault.folder}/hangup", "w").close(), os._exit(0)))
open("{file}", "w").write(f"{{os.getpid()}}\\n")
while True: signal.pause()
"""))
    pid = started(file)
    os.close(child.child_fd)
    until(lambda: has_ended(pid))
    assert (vault.folder / "hangup").exists()
    child.closed = True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into a process that cannot be dumped")
def test_the_process_between_us_and_the_task_keeps_no_value(vault, memory):
    file = vault.folder / "pids"
    running = task(vault, *python(
        f"open({str(file)!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}}\\n'); sys.stdin.readline()"))
    until(lambda: file.exists() and file.read_text().endswith("\n"))
    between, started_task = map(int, file.read_text().split())
    ours = int(open(f"/proc/{between}/stat").read().rpartition(")")[2].split()[1])
    # The task itself and coffer, which searches its output, must have it.
    assert memory(started_task).count(VALUE.encode()) and memory(ours).count(VALUE.encode())
    assert memory(between).count(VALUE.encode()) == 0
    running.send("\r")
    assert end(running)[1] == 0


def test_forms_with_line_breaks_are_found_as_a_terminal_shows_them(vault):
    lines = "first 'line'\nsecond \"line\" $3\nand one that is long enough for xxd to break it"
    vault.ok("add", "LINES", "--default-available", input=lines)
    show = "import shlex; v = os.environ['LINES']; print(v); print(shlex.quote(v)); h = v.encode().hex()\n"
    show += "print('\\n'.join(h[n:n + 60] for n in range(0, len(h), 60)))"
    shown, _ = end(task(vault, *python(show)))
    assert shown == "{{$LINES}}\r\n'{{$LINES}}'\r\n{{$LINES}}\r\n"

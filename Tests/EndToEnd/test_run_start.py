"""What a task starts with: its program, environment and descriptors; and how its end becomes ours."""

import os
import signal
import subprocess

import pytest

from tasks import LABEL, NAME, VALUE, python, replace_command, run_command, vault, vault_with_token  # noqa: F401

BOTH = pytest.mark.parametrize("command", [run_command, replace_command], ids=["redacted", "--no-redact"])


def run(command, vault, *arguments, input=b"", env=None, **more):
    return subprocess.run(
        command(vault, *arguments), input=input, capture_output=True, timeout=60, start_new_session=True,
        env=vault.environment(**(env or {})), **more)


@BOTH
def test_the_secret_is_in_the_environment(vault, command):
    done = run(command, vault, "sh", "-c", f'echo "${NAME}" | wc -c')
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"%d" % (len(VALUE.encode()) + 1), b"")


def test_the_secret_is_replaced_in_output_and_errors_apart(vault):
    done = run(run_command, vault, "sh", "-c", f'echo "out ${NAME}."; echo "err ${NAME}." >&2')
    assert (done.stdout.decode(), done.stderr.decode()) == (f"out {LABEL}.\n", f"err {LABEL}.\n")


def test_the_secret_is_shown_with_no_redact(vault):
    assert run(replace_command, vault, "printenv", NAME).stdout.decode() == VALUE + "\n"


@BOTH
def test_inherited_variables_of_the_same_name_are_replaced_all_of_them(vault, command):
    # A dictionary has no duplicates, so a program that hands over an environment with some.
    words = command(vault, "sh", "-c", f"tr '\\0' '\\n' </proc/$$/environ | grep -c ^{NAME}=")
    doubles = python(f"""
import ctypes
words = {words!r}
variables = [f"{{k}}={{v}}" for k, v in os.environ.items()] + ["{NAME}=one", "{NAME}=two", "{NAME}X=other"]
array = lambda texts: (ctypes.c_char_p * (len(texts) + 1))(*[t.encode() for t in texts], None)
ctypes.CDLL(None).execve(words[0].encode(), array(words), array(variables))
""")
    done = subprocess.run(doubles, capture_output=True, timeout=60, env=vault.environment())
    assert done.stdout == b"1\n", done.stderr


@BOTH
def test_the_task_never_learns_the_way_to_the_passphrase(vault, command):
    done = run(command, vault, "env", env={"COFFER_PASSPHRASE_COMMAND": "never", "COFFER_OTHER": "kept"})
    names = {line.partition(b"=")[0] for line in done.stdout.splitlines()}
    assert {n for n in names if n.startswith(b"COFFER_")} == {b"COFFER_VAULT", b"COFFER_OTHER"}


@BOTH
def test_the_task_inherits_what_the_program_inherited(vault, command):
    done = run(command, vault, *python("""
blocked = open("/proc/self/status").read().split("SigBlk:")[1].split()[0]
print(oct(os.umask(0)), blocked, signal.getsignal(signal.SIGPIPE).name, signal.getsignal(signal.SIGTTOU).name)
os.execvp("sh", ["sh", "-c", "ulimit -S -c; ulimit -H -c; grep SigIgn /proc/self/status"])
"""), preexec_fn=lambda: os.umask(0o027))
    plain = subprocess.run(
        ["sh", "-c", "ulimit -S -c; ulimit -H -c; grep SigIgn /proc/self/status"], capture_output=True)
    first, rest = done.stdout.split(b"\n", 1)
    # Python itself ignores SIGPIPE.
    assert first == b"0o27 0000000000000000 SIG_IGN SIG_DFL"
    assert rest.splitlines()[:2] == plain.stdout.splitlines()[:2]


@BOTH
def test_a_broken_pipe_ends_the_task_unless_that_was_ignored_already(vault, command):
    shell = "grep SigIgn /proc/self/status"
    assert int(run(command, vault, "sh", "-c", shell).stdout.split()[1], 16) & 1 << 12 == 0
    ignoring = run(command, vault, "sh", "-c", shell, restore_signals=False,
                   preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
    assert int(ignoring.stdout.split()[1], 16) & 1 << 12


@BOTH
def test_the_task_has_no_descriptors_but_those_meant_for_it(vault, command):
    read, write = os.pipe()
    done = run(command, vault, *python('print(sorted(map(int, os.listdir("/proc/self/fd"))))'), pass_fds=[read])
    os.close(read), os.close(write)
    # The last is the one that the folder is listed through.
    assert done.stdout.decode() == f"{sorted({0, 1, 2, read, 3 if read != 3 else 4})}\n"


@BOTH
def test_missing_descriptors_do_no_harm(vault, command):
    words = command(vault, "sh", "-c", "echo out; echo err >&2; cat; exit 7")
    for missing in ["<&-", "2>&-", "<&- 2>&-"]:
        done = subprocess.run(
            ["sh", "-c", f'"$@" {missing}', "sh", *words], input=b"", capture_output=True, timeout=60,
            env=vault.environment())
        assert (done.returncode, done.stdout) == (7, b"out\n")
    done = subprocess.run(
        ["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *command(vault, "sh", "-c", "exit 7")], timeout=60,
        env=vault.environment())
    assert done.returncode == 7


@BOTH
@pytest.mark.parametrize("status", [0, 3, 255])
def test_the_exit_status_is_the_tasks(vault, command, status):
    assert run(command, vault, "sh", "-c", f"exit {status}").returncode == status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_a_task_ended_by_a_signal_is_128_and_more(vault, number):
    assert run(run_command, vault, "sh", "-c", f"ulimit -c 0; kill -{number} $$").returncode == 128 + number


@BOTH
def test_a_program_that_is_not_there_is_127_and_one_that_cannot_be_started_126(vault, command):
    (vault.folder / "plain").write_text("text")
    assert run(command, vault, "no-such-program").returncode == 127
    assert run(command, vault, vault.folder / "none").returncode == 127
    assert run(command, vault, "").returncode == 127
    assert run(command, vault, vault.folder / "plain").returncode == 126
    assert run(command, vault, "plain", env={"PATH": f"/none:{vault.folder}:"}).returncode == 126
    assert run(command, vault, vault.folder).returncode == 126
    assert run(command, vault, "x" * 300).returncode == 126


@BOTH
def test_programs_are_found_along_the_path_and_scripts_need_no_first_line(vault, command):
    script = vault.folder / "script"
    script.write_text('echo "$0 $# $2"\n')
    script.chmod(0o755)
    expected = f"{script} 2 b c\n".encode()
    assert run(command, vault, script, "a", "b c").stdout == expected
    assert run(command, vault, "script", "a", "b c", env={"PATH": f"/none:{vault.folder}"}).stdout == expected
    here = run(command, vault, "script", "a", "b c", env={"PATH": ""}, cwd=vault.folder)
    assert here.stdout == b"script 2 b c\n"


@BOTH
def test_arguments_are_handed_over_byte_by_byte(vault, command):
    odd = ["", "--", "-x", "a b", "é"]
    words = [w.encode() for w in command(vault, "printf", "%s|", *odd)] + [b"\xff\xfe"]
    done = subprocess.run(words, capture_output=True, timeout=60, env=vault.environment())
    assert done.stdout == "".join(f"{o}|" for o in odd).encode() + b"\xff\xfe|"

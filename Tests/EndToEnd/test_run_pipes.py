"""Without a terminal: what goes through the pipes arrives whole and in order, and nobody waits for nobody."""

import hashlib
import os
import subprocess
import time

from tasks import LABEL, NAME, has_ended, python, run_command, started, until, vault, vault_with_token  # noqa: F401

# Distinct lines, so that a piece that is lost, doubled or moved is noticed.
LINES = 'block = "".join(f"{i:099}\\n" for i in range(10000))\nfor i in range(%d): sys.stdout.write(f"{i:099}\\n" + block)'


def start(vault, *arguments, **more):
    more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen(
        run_command(vault, *arguments), start_new_session=True, env=vault.environment(), **more)


def test_a_hundred_megabytes_arrive_whole_and_in_order(vault):
    program = python(LINES % 100)
    digests = []
    for words in [program, run_command(vault, *program)]:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, env=vault.environment())
        digests.append(hashlib.file_digest(process.stdout, "sha256").digest())
        process.stdout.close()
        assert process.wait(60) == 0
    assert digests[0] == digests[1]


def test_input_is_the_tasks_own(vault):
    data = os.urandom(1 << 20)
    process = start(vault, "sha256sum", stdin=subprocess.PIPE)
    output, _ = process.communicate(data, timeout=60)
    assert output.split()[0].decode() == hashlib.sha256(data).hexdigest()


def test_input_that_the_task_does_not_read_is_left_for_the_next(vault):
    file = vault.folder / "lines"
    file.write_text("one\ntwo\n")
    words = run_command(vault, "sh", "-c", "read line; echo $line")
    done = subprocess.run(
        ["sh", "-c", '"$@"; cat', "sh", *words], stdin=file.open(), capture_output=True, timeout=60,
        env=vault.environment())
    assert done.stdout == b"one\ntwo\n"


def test_output_and_errors_to_one_place_stay_in_order(vault):
    program = python('for i in range(2000):\n os.write(1, b"o%d\\n" % i)\n os.write(2, b"e%d\\n" % i)')
    process = start(vault, *program, stderr=subprocess.STDOUT)
    output, _ = process.communicate(timeout=60)
    assert output == b"".join(b"o%d\ne%d\n" % (i, i) for i in range(2000))


def test_a_prompt_without_a_line_end_is_shown_while_the_task_waits(vault):
    process = start(vault, "sh", "-c", 'printf "Name: "; read name; echo "$name"', stdin=subprocess.PIPE)
    assert process.stdout.read1(100) == b"Name: "
    assert process.communicate(b"me\n", timeout=60)[0] == b"me\n"


def test_a_value_in_two_pieces_is_replaced(vault):
    process = start(vault, *python(f'v = os.environb[b"{NAME}"]\nos.write(1, v[:8])\ntime.sleep(0.005)\nos.write(1, v[8:])'))
    assert process.communicate(timeout=60)[0].decode() == LABEL


def test_a_reader_that_leaves_ends_the_task(vault):
    words = run_command(vault, "yes")
    done = subprocess.run(
        ["bash", "-c", '"$@" | head -1; echo ${PIPESTATUS[0]}', "bash", *words], capture_output=True, timeout=60,
        env=vault.environment())
    assert done.stdout == b"y\n141\n"


def test_a_reader_of_the_errors_that_leaves_does_not_disturb_the_output(vault):
    process = start(vault, *python("""
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
failure = None
while not failure:
    try: os.write(2, b"x" * 1000)
    except OSError as error: failure = error
print(type(failure).__name__)
"""))
    process.stderr.close()
    assert process.stdout.read() == b"BrokenPipeError\n"
    assert process.wait(60) == 0


def test_a_full_disk_is_not_kept_quiet(vault):
    with open("/dev/full", "wb") as full:
        process = start(vault, "echo", "lost", stdout=full)
        assert process.wait(60) == 125


def test_a_descendant_that_keeps_the_pipe_does_not_keep_us(vault):
    file = vault.folder / "pid"
    begin = time.monotonic()
    process = start(vault, "sh", "-c", f"sleep 60 & echo $! >{file}; echo done")
    output, _ = process.communicate(timeout=30)
    assert (output, process.returncode) == (b"done\n", 0)
    assert time.monotonic() - begin < 30
    descendant = started(file)
    assert not has_ended(descendant)
    os.kill(descendant, 9)


def test_what_a_descendant_writes_closely_after_is_not_lost(vault):
    process = start(vault, "bash", "-c", "exec > >(sleep 0.05; cat); echo late")
    assert process.communicate(timeout=30)[0] == b"late\n"


def test_a_slow_reader_slows_the_task_and_loses_nothing(vault):
    process = start(vault, *python("sys.stdout.write('x' * (8 << 20))"))
    total = 0
    time.sleep(0.3)
    while piece := process.stdout.read1(1 << 16):
        total += len(piece)
        time.sleep(0.001)
    assert (total, process.wait(60)) == (8 << 20, 0)


def test_a_reader_that_pauses_after_the_end_gets_the_rest(vault):
    process = start(vault, *python("sys.stdout.write('x' * (700 << 10))"))
    total = 0
    while piece := process.stdout.read1(1 << 16):
        total += len(piece)
        if total < 1 << 18:
            time.sleep(0.7)
    assert (total, process.wait(60)) == (700 << 10, 0)


def test_an_output_that_others_made_non_blocking_loses_nothing(vault):
    read, write = os.pipe()
    os.set_blocking(write, False)
    process = start(vault, *python("sys.stdout.write('x' * (4 << 20))"), stdout=write)
    os.close(write)
    time.sleep(0.3)
    with os.fdopen(read, "rb") as reader:
        assert len(reader.read()) == 4 << 20
    assert process.wait(60) == 0


def test_the_task_goes_when_we_are_killed_and_it_writes(vault):
    process = start(vault, *python('print(os.getpid())\nwhile True: time.sleep(0.05); print("still")'))
    task = int(process.stdout.readline())
    process.kill()
    process.wait(20)
    until(lambda: has_ended(task))

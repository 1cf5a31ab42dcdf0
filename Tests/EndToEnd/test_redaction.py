"""What a command writes comes out with every secret replaced, whatever form it is in, and all else as it was."""

import filecmp
import json
import os
import re
import select
import subprocess
import sys

import pytest

import noise
from conftest import PROGRAM, Vault

VALUES = {
    "LETTERS": "Tk4bQ0zLmR7xW2pV",
    "EVERYTHING": "pä ss'w\"o`r$d\\&/+?😀 ~!%>>>",
    "LINES": "-----BEGIN KEY-----\nMIIE+/abc==\r\nq8Rf\n-----END KEY-----\n",
    "LONG": "A+b/" * 60 + "\xff?>~" * 10,
    "SIX": "ünïcöd",
}
OTHERS = {
    "FIVE": "ünïcö",
    "TWIN_ONE": "the same in both",
    "TWIN_TWO": "the same in both",
    "INNER": "middle part",
    "OUTER": "begin middle part end",
    "START": "begin middle",
}
MESSAGES = re.compile(rb"coffer: note: FIVE has fewer than 6 characters and is not redacted\n")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A vault with secrets that every command gets, and that no test here changes."""
    vault = Vault(tmp_path_factory.mktemp("filled")).init()
    vault.ok("import", "-", "--default-available", input=json.dumps(VALUES | OTHERS))
    return vault


def output(vault, *command, options=(), **more):
    """What a command writes to standard output, once it has ended well."""
    done = vault.run("run", *options, "--", *command, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def python(program):
    """The words of a command that runs a Python program; `say` writes at once."""
    prelude = "import os, sys, time\ndef say(text): os.write(1, os.fsencode(text))\n"
    return [sys.executable, "-c", prelude + program]


class Task:
    """A running command on pipes, by what it shows and is told."""

    def __init__(self, vault, *command):
        self.process = subprocess.Popen(
            [PROGRAM, "run", "--", *command], env=vault.environment(), start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def shows(self, seconds):
        """What comes next; nothing when that takes longer."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return os.read(self.process.stdout.fileno(), 4096).decode() if ready else ""

    def waits_with(self, text):
        """Expects to be shown exactly `text`, and nothing behind it."""
        shown = ""
        while len(shown) < len(text):
            more = self.shows(30)
            assert more, f"only {shown!r} came"
            shown += more
        assert shown + self.shows(0.2) == text
        return self

    def end(self, *lines):
        """Tells it lines; what is shown from there on."""
        rest, _ = self.process.communicate("".join(line + "\n" for line in lines).encode(), timeout=30)
        assert self.process.returncode == 0
        return rest.decode()


# In which forms

PYTHON = f"{sys.executable} -c 'import sys, json, shlex, urllib.parse as u; t = sys.stdin.buffer.read().decode(); %s'"
WRITE = PYTHON.replace("%s", "sys.stdout.buffer.write((%s).encode())")
ENCODERS = {
    "plain": ("cat", ""),
    "CR LF": ("sed 's/$/\\r/;$s/\\r$//'", ""),
    "hex": ("od -An -v -tx1 | tr -d ' \\n'", ""),
    "upper-case hex": ("od -An -v -tx1 | tr -d ' \\n' | tr a-f A-F", ""),
    "percent-encoded": (WRITE % 'u.quote(t, safe="")', ""),
    "percent-encoded path": (WRITE % "u.quote(t)", ""),
    "percent-encoded form": (WRITE % "u.quote_plus(t)", ""),
    "percent-encoded in lower case": (
        WRITE % '__import__("re").sub("%..", lambda escape: escape[0].lower(), u.quote(t, safe=""))', ""),
    "every byte percent-encoded": (WRITE % '"".join("%%%02X" % b for b in t.encode())', ""),
    "JSON in ASCII": (WRITE % "json.dumps(t)", '"'),
    "JSON in UTF-8": (WRITE % "json.dumps(t, ensure_ascii=False)", '"'),
    "JSON with escaped slashes": (WRITE % 'json.dumps(t).replace("/", "\\\\/")', '"'),
    "Python's shell quotes": (WRITE % "shlex.quote(t)", "'?"),
    "bash's quotes": ("{ IFS= read -r -d '' t; printf %s \"${t@Q}\"; }", "\\$?'"),
    "bash's printf %q": ("{ IFS= read -r -d '' t; LC_ALL=C.UTF-8; printf %q \"$t\"; }", "(\\$?')?"),
}


@pytest.mark.parametrize("encoder, quote", ENCODERS.values(), ids=ENCODERS)
def test_a_value_is_replaced_in_each_form(filled, encoder, quote):
    names = [name for name in VALUES if name != "LINES" or encoder != ENCODERS["CR LF"][0]]
    loop = f"for n in {' '.join(names)}; do printf %s '<<'; printf %s \"${{!n}}\" | {encoder}; printf '>>\\n'; done"
    shown = output(filled, "bash", "-c", loop)
    expected = "".join(f"<<{quote}{{{{\\${name}}}}}{quote}>>\n" for name in names)
    assert re.fullmatch(expected, shown)


BASE64 = {
    "standard": "base64 -w0",
    "URL alphabet": "base64 -w0 | tr +/ -_",
    "without padding": "base64 -w0 | tr -d =",
    "lines of 76": "base64",
    "lines of 64": "base64 -w64",
}


@pytest.mark.parametrize("before", ["", "u", "u:", "u:a", "user:"], ids=len)
@pytest.mark.parametrize("encoder", list(BASE64.values())[:3], ids=list(BASE64)[:3])
def test_a_value_is_replaced_within_base64(filled, encoder, before):
    loop = f"for n in {' '.join(VALUES)}; do printf '%s%s:z' '{before}' \"${{!n}}\" | {encoder}; echo; done"
    for name, line in zip(VALUES, output(filled, "bash", "-c", loop).splitlines(), strict=True):
        start, end = line.split(f"{{{{${name}}}}}")
        # What is left belongs to the neighbours, of whose characters the value decides part of one at each side.
        assert len(start) <= -(-len(before) * 4 // 3)
        assert len(end.rstrip("=")) <= 4


@pytest.mark.parametrize("encoder", list(BASE64.values())[3:], ids=list(BASE64)[3:])
def test_a_value_is_replaced_in_base64_over_lines(filled, encoder):
    loop = f"for n in {' '.join(VALUES)}; do printf %s \"${{!n}}\" | {encoder}; echo; done"
    shown = output(filled, "bash", "-c", loop)
    assert re.fullmatch("".join(rf"\{{\{{\${name}\}}\}}.?=*\n+" for name in VALUES), shown)


def test_a_value_beside_itself_is_replaced_each_time(filled):
    assert output(filled, "bash", "-c", 'printf %s "$LETTERS$LETTERS"; printf %s "$LETTERS"') == "{{$LETTERS}}" * 3


# What is replaced by what


def test_of_values_within_each_other_the_longest_is_named(filled):
    assert output(filled, "printf", "%s|%s|%s", *(OTHERS[name] for name in ("OUTER", "INNER", "START"))) == (
        "{{$OUTER}}|{{$INNER}}|{{$START}}")


def test_a_value_of_two_secrets_is_named_by_one_of_them(filled):
    assert output(filled, "printf", "%s|", OTHERS["TWIN_ONE"]) in ("{{$TWIN_ONE}}|", "{{$TWIN_TWO}}|")


def test_values_of_fewer_than_six_characters_are_left(filled):
    assert output(filled, "printf", "%s|", OTHERS["FIVE"], VALUES["SIX"]) == f"{OTHERS['FIVE']}|{{{{$SIX}}}}|"


def test_everything_else_passes_byte_for_byte(filled, folder):
    (folder / "bytes").write_bytes(bytes(range(256)) * 5000 + b"Tk4bQ0zLmR7xW2p" + "pä ss'w".encode())
    done = filled.run("run", "--", "cat", folder / "bytes")
    assert done.stdout == (folder / "bytes").read_bytes()


def test_output_and_errors_stay_apart(filled):
    done = filled.run("run", "--", "bash", "-c", 'echo "out $LETTERS"; echo "error $LINES$SIX" >&2; echo "$FIVE"')
    assert done.stdout.decode() == f"out {{{{$LETTERS}}}}\n{OTHERS['FIVE']}\n"
    assert MESSAGES.sub(b"", done.stderr) == b"error {{$LINES}}{{$SIX}}\n"


def test_output_and_errors_that_go_to_one_place_keep_their_order(filled):
    done = subprocess.run(
        [PROGRAM, "run", "--", "bash", "-c", 'for i in {1..50}; do echo "$i $SIX"; echo "error $i" >&2; done'],
        env=filled.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=30, start_new_session=True)
    lines = [line for i in range(1, 51) for line in (f"{i} {{{{$SIX}}}}", f"error {i}")]
    assert MESSAGES.sub(b"", done.stdout).decode().splitlines() == lines


def test_without_redaction_a_value_is_shown(filled):
    for name in ("LETTERS", "LINES"):
        assert output(filled, "printenv", name, options=["--no-redact"]) == VALUES[name] + "\n"


@pytest.mark.parametrize("ending, status", [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill $$", 143)])
def test_what_was_written_before_the_end_is_shown_and_replaced(filled, ending, status):
    done = filled.run("run", "--", "bash", "-c", f'printf %s "$LETTERS ${{LETTERS:0:8}}"; {ending}')
    assert (done.returncode, done.stdout.decode()) == (status, f"{{{{$LETTERS}}}} {VALUES['LETTERS'][:8]}")


# In time


def test_a_prompt_without_a_line_break_is_shown_at_once(filled):
    task = Task(filled, "bash", "-c", 'printf "Name: "; read -r name; printf "Hello %s, $LETTERS" "$name"')
    assert task.waits_with("Name: ").end("you") == "Hello you, {{$LETTERS}}"


@pytest.mark.parametrize("count, is_shown", [(1, True), (3, True), (4, False), (15, False)])
def test_a_pause_shows_the_beginning_of_a_value_up_to_three_bytes(filled, count, is_shown):
    value = VALUES["LETTERS"]
    start, rest = value[:count], value[count:]
    say = python(f"say('say {start}'); sys.stdin.readline(); say('{rest}'); sys.stdin.readline(); say('{start}!')")
    task = Task(filled, *say).waits_with("say " + start * is_shown)
    assert task.end("", "") == f"{{{{$LETTERS}}}}{start}!"


@pytest.mark.parametrize("pause", [0, 0.03], ids=["without pauses", "with pauses"])
@pytest.mark.parametrize("name", ["LETTERS", "EVERYTHING"])
def test_a_value_written_byte_by_byte_shows_three_bytes_at_most(filled, name, pause):
    dribble = f"for b in os.environb[b'{name}']: os.write(1, bytes([b])); time.sleep({pause})"
    shown = filled.run("run", "--", *python(dribble)).stdout
    start, end = shown.split(f"{{{{${name}}}}}".encode())
    assert (VALUES[name].encode()[:len(start)], end) == (start, b"")
    assert len(start) <= 3


@pytest.mark.parametrize("form", ["plain", "hex", "base64"])
def test_a_value_cut_in_two_at_any_place_is_replaced(filled, form):
    program = f"""
import base64
value = os.environb[b'LETTERS']
text = {{'plain': value, 'hex': value.hex().encode(), 'base64': base64.b64encode(value + b'zz')}}['{form}']
for cut in range(len(text) + 1):
    os.write(1, b'<' + text[:cut])
    time.sleep(0.03)
    os.write(1, text[cut:] + b'>\\n')
"""
    lines = output(filled, *python(program)).splitlines()
    assert len(lines) > 16
    for line in lines:
        start, end = line.removeprefix("<").removesuffix(">").split("{{$LETTERS}}")
        assert (len(start) <= 3, len(end) <= (3 if form == "base64" else 0)) == (True, True)


def test_a_value_across_the_borders_of_large_reads_is_replaced(filled):
    program = """
value = os.environb[b'LETTERS']
for shift in range(len(value) + 1):
    sys.stdout.buffer.write(b'.' * ((1 << 16) - shift) + value)
"""
    dots = ["." * ((1 << 16) - shift) for shift in range(len(VALUES["LETTERS"]) + 1)]
    assert output(filled, *python(program)) == "".join(dot + "{{$LETTERS}}" for dot in dots)


# Much


def test_twenty_secrets_in_100_mib_of_output_leave_no_occurrence_in_any_form(vault, folder):
    values = noise.secrets()
    vault.ok("import", "-", "--default-available", input=json.dumps(values))
    given, expected, shown = (folder / name for name in ("given", "expected", "shown"))
    with given.open("wb") as written, expected.open("wb") as wanted:
        for piece, replaced in noise.output(values, 100 << 20):
            written.write(piece), wanted.write(replaced)
    with given.open("rb") as input, shown.open("wb") as output:
        done = subprocess.run(
            [PROGRAM, "run", "--", "cat"], env=vault.environment(), stdin=input, stdout=output,
            stderr=subprocess.PIPE, start_new_session=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, b"")
    assert given.stat().st_size >= 100 << 20
    assert filecmp.cmp(shown, expected, shallow=False)
    assert noise.occurrences(values, shown.read_bytes()) == []
    for file in (given, expected, shown):
        file.unlink()


def test_words_that_a_shell_joins_are_found(tmp_path):
    vault = Vault(tmp_path).init()
    vault.ok("import", "-", "--default-available", input=json.dumps(
        {"PADDED": "  padded-value-1  ", "KEY": "-----BEGIN KEY-----\nMIIE+/abc==\n-----END KEY-----\n"}))
    assert output(vault, "sh", "-c", "echo $PADDED; echo x $KEY y") == "{{$PADDED}}\nx {{$KEY}} y\n"


def test_a_descendant_that_goes_on_writing_does_not_keep_us(tmp_path):
    vault = Vault(tmp_path).init()
    chatter = "(while echo x; do sleep 0.1; done) & exit 6"
    assert vault.run("run", "--", "sh", "-c", chatter, timeout=30).returncode == 6

"""A template comes out with the values of secrets in place of their references, and every other byte as it was."""

import os
import stat

import pexpect
import pytest

from conftest import PROGRAM, Vault

USAGE, BAD_INPUT, NOT_FOUND, INPUT_OUTPUT = 64, 65, 66, 74
CANARY = "canary_5e7a91"
VALUES = {
    "PLAIN": CANARY,
    "EVERY_ASCII": "".join(map(chr, range(1, 128))),
    "LINES": "-----BEGIN KEY-----\r\nMIIE\n\n",
    "UNICODE": "\ufeffünï 𝄞 \u2028\x85",
    "LIKE_A_REFERENCE": "{{$PLAIN}} {{$}} {{$NO_SUCH}} }}",
    "LONGEST": "𝄞" * 10_000,
    "N" * 128: "the longest name",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A vault with secrets of every kind, some in a project, that no test here changes."""
    vault = Vault(tmp_path_factory.mktemp("filled")).init()
    for name, value in VALUES.items():
        vault.ok("add", name, input=value)
    vault.ok("project", "create", "web")
    vault.ok("add", "BOTH", input="personal")
    vault.ok("add", "BOTH", "--project", "web", input="the project's")
    vault.ok("add", "PROJECT_ONLY", "--project", "web", input="of the project")
    return vault


@pytest.fixture(autouse=True)
def working_directory(folder, monkeypatch):
    monkeypatch.chdir(folder)


def files():
    """All that lies here, but for when it was last read."""
    return {
        name: (status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns)
        for name in os.listdir() for status in [os.stat(name)]}


def check_refusal(vault, status, *arguments, **more):
    """What it said, once nothing of it is a value and nothing was written."""
    before = files()
    done = vault.run("inject", *arguments, **more)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (status, b""), said
    assert said.startswith("coffer: error: ") and said.count("\n") == 2 and "\ncoffer: hint: " in said
    assert CANARY not in said.lower()
    assert files() == before
    return said


# What becomes of a template


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_put_in_byte_for_byte(filled, name):
    assert filled.ok("inject", input=f"a{{{{${name}}}}}b") == f"a{VALUES[name]}b".encode()


TEMPLATES = {
    b"": b"",
    b"nothing": b"nothing",
    b"{{$PLAIN}}{{$PLAIN}}": CANARY.encode() * 2,
    b"\xef\xbb\xbf\xff\xfe\0{{$PLAIN}}\0\x80": b"\xef\xbb\xbf\xff\xfe\0" + CANARY.encode() + b"\0\x80",
    b"\r\n{{$PLAIN}}\r\n\r": b"\r\n" + CANARY.encode() + b"\r\n\r",
    b"{{$}}": b"{{",
    b"{{$}}$PLAIN}}": b"{{$PLAIN}}",
    b"{{$}}{{$PLAIN}}}}": b"{{" + CANARY.encode() + b"}}",
    b"{{{{$PLAIN}}}}": b"{{" + CANARY.encode() + b"}}",
    b"{{{$PLAIN}}}": b"{" + CANARY.encode() + b"}",
}
# What other tools' templates are made of.
for foreign in (b"{{ .Values.x }}", b"{{x}}", b"{{ $PLAIN }}", b"{$PLAIN}", b"${PLAIN}", b"$PLAIN", b"{{", b"}}"):
    TEMPLATES[foreign] = foreign


@pytest.mark.parametrize("template", TEMPLATES, ids=ascii)
def test_only_references_are_replaced(filled, template):
    assert filled.ok("inject", input=template) == TEMPLATES[template]


def test_bytes_of_every_value_pass_through(filled, folder):
    template = bytes(range(256)) * 4096
    (folder / "template").write_bytes(template + b"{{$PLAIN}}" + template)
    assert filled.ok("inject", "-i", "template") == template + CANARY.encode() + template


def test_a_project_s_secret_stands_before_a_personal_one(filled):
    template = "{{$BOTH}} {{$PLAIN}}"
    assert filled.ok("inject", input=template) == f"personal {CANARY}".encode()
    assert filled.ok("inject", "--project", "web", input=template) == f"the project's {CANARY}".encode()
    assert filled.ok("inject", "--project", "web", input="{{$PROJECT_ONLY}}") == b"of the project"


def test_the_project_file_names_the_project(filled, folder, monkeypatch):
    (folder / ".coffer.json").write_text('{"project": "web"}')
    (folder / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir("a/b")
    assert filled.ok("inject", input="{{$BOTH}}") == b"the project's"


# Where it is written


def test_a_file_is_for_its_owner_alone_and_replaced_as_a_whole(filled, folder):
    file = folder / "config"
    file.write_text("old" * 10_000)
    file.chmod(0o644)
    (folder / "template").write_text("key: {{$PLAIN}}\n")
    with file.open() as reader:
        assert filled.ok("inject", "-i", "template", "-o", file) == b""
        assert reader.read() == "old" * 10_000, "who reads the old file goes on reading it"
    assert (stat.S_IMODE(file.stat().st_mode), file.read_text()) == (0o600, f"key: {CANARY}\n")
    assert sorted(os.listdir()) == ["config", "template"]


def test_a_template_may_be_filled_in_its_own_place(filled, folder):
    (folder / "config").write_text("{{$PLAIN}}")
    filled.ok("inject", "-i", "config", "-o", "config")
    assert (folder / "config").read_text() == CANARY


def test_a_terminal_is_warned_first_and_nobody_else(filled, folder):
    (folder / "template").write_text("a {{$PLAIN}} b\n")
    child = pexpect.spawn(
        str(PROGRAM), ["inject", "-i", "template"], env=filled.environment(), encoding="utf-8",
        dimensions=(24, 120), timeout=30)
    warning, shown = child.read().splitlines()
    child.close()
    assert (child.exitstatus, shown) == (0, f"a {CANARY} b")
    assert warning.startswith("coffer: warning: this shows secret values")
    for options in ([], ["-o", "file"]):
        assert filled.run("inject", "-i", "template", *options).stderr == b""


# What is refused


def test_names_that_no_secret_has_are_all_told_before_anything_is_written(filled, folder):
    (folder / "template").write_text("{{$PLAIN}} {{$NO_SUCH}} {{$PROJECT_ONLY}} {{$PLAIN}} {{$NO_SUCH}}")
    (folder / "config").write_text("kept")
    for output in ([], ["-o", "config"], ["-o", "new"]):
        said = check_refusal(filled, NOT_FOUND, "-i", "template", *output)
        assert "no secret is called NO_SUCH, PROJECT_ONLY\n" in said
    assert "no secret is called NO_SUCH\n" in check_refusal(
        filled, NOT_FOUND, "-i", "template", "--project", "web")


MALFORMED = [
    "{{$", "{{$PLAIN", "{{$PLAIN}", "{{$PLAIN} }", "{{$ PLAIN}}", "{{$PLAIN }}", "{{$lower}}", "{{$PLAINx}}", "{{$1}}",
    "{{$_X}}", "{{$É}}", "{{$PLAIN\n}}", "{{$PLAIN\0}}", "{{$" + "N" * 129 + "}}", "{{$A-B}}", "{{${{$PLAIN}}}}",
]


@pytest.mark.parametrize("reference", MALFORMED, ids=ascii)
def test_a_malformed_reference_is_refused_with_its_line(filled, reference):
    template = f"{{{{$PLAIN}}}}\n{CANARY} {{{{$NO_SUCH}}}}\n\n{reference} {CANARY}\n"
    assert "line 4: " in check_refusal(filled, BAD_INPUT, input=template)
    assert "line 4: " in check_refusal(filled, BAD_INPUT, "-o", "new", input=template)


@pytest.mark.parametrize("file", ["missing", "."], ids=["no such file", "a directory"])
def test_a_template_that_cannot_be_read_is_refused(filled, file):
    check_refusal(filled, INPUT_OUTPUT, "-i", file)


def test_a_template_over_64_mib_is_refused(filled, folder):
    with (folder / "template").open("wb") as output:
        output.truncate((64 << 20) + 1)
    assert "64 MiB" in check_refusal(filled, BAD_INPUT, "-i", "template")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_what_is_no_file_is_not_replaced(filled, make):
    make("place")
    check_refusal(filled, BAD_INPUT, "-o", "place", input="{{$PLAIN}}")


def test_where_no_file_can_be_is_refused(filled):
    check_refusal(filled, INPUT_OUTPUT, "-o", "missing/file", input="{{$PLAIN}}")


def test_a_project_that_is_not_there_is_not_found(filled):
    check_refusal(filled, NOT_FOUND, "--project", "no such", input="{{$PLAIN}}")


def test_standard_input_is_not_both_passphrase_and_template(filled):
    check_refusal(filled, USAGE, "--passphrase-fd", "0", input="{{$PLAIN}}")


def test_a_template_that_would_grow_beyond_measure_is_refused(vault):
    vault.ok("add", "LARGE", input="x" * 10_000)
    done = vault.run("inject", input="{{$LARGE}}" * 27_000)
    assert (done.returncode, done.stdout) == (65, b"")
    assert b"larger than 256 MiB" in done.stderr

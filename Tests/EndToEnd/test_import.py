"""An env file becomes secrets as it stands, all of them or none, and nothing of a value is seen on the way."""

import json
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from conftest import PROGRAM, Vault

USAGE, BAD_INPUT, NOT_FOUND, EXISTS, INPUT_OUTPUT = 64, 65, 66, 73, 74
VALUE = "pässword $OTHER #1"
# Two entries, PLAIN and QUOTED, as each format writes them, and the name of a file that is told to be of it.
FILES = {
    "shell": (".envrc", f"export PLAIN=abc-123\nQUOTED='{VALUE}'\n"),
    "dotenv": (".env", f"PLAIN=abc-123 # a comment\nQUOTED='{VALUE}'\n"),
    "compose": ("", f"PLAIN=abc-123\nQUOTED='{VALUE}'\n"),
    "docker": ("", f"PLAIN=abc-123\nQUOTED={VALUE}\n"),
    "node": ("", f"PLAIN=abc-123\nQUOTED='{VALUE}'\n"),
    "json": ("secrets.json", json.dumps({"PLAIN": "abc-123", "QUOTED": VALUE})),
    "yaml": ("secrets.yml", f"PLAIN: abc-123\nQUOTED: '{VALUE}'\n"),
    "github": ("", f"QUOTED<<EOF\n{VALUE}\nEOF\nPLAIN=abc-123\n"),
    "fish": ("secrets.fish", f"set -gx PLAIN abc-123\nset -gx QUOTED '{VALUE}'\n"),
    "kubernetes": ("", f"apiVersion: v1\nkind: Secret\nstringData:\n  PLAIN: abc-123\n  QUOTED: '{VALUE}'\n"),
}
TOLD = [format for format in FILES if format not in ("compose", "docker", "node")]


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """A vault with nothing in it."""
    return Vault(tmp_path_factory.mktemp("new")).init()


@pytest.fixture
def vault(new, folder):
    return copy(new, folder)


def copy(vault, folder):
    """A copy of a vault, which is quicker than a new one."""
    shutil.copytree(vault.folder, folder, dirs_exist_ok=True)
    return Vault(folder)


@pytest.fixture
def write(folder):
    def file(content, name="file"):
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return file


def values(vault, *options):
    """Every secret of a scope with its value."""
    if not options:
        return json.loads(vault.ok("export", "--all", "--format", "json"))
    return {name: vault.ok("reveal", name, *options).decode() for name in names(vault, *options)}


def names(vault, *options):
    return [secret["name"] for secret in listed(vault, *options)]


def listed(vault, *options):
    return json.loads(vault.ok("list", "--json", *options))["secrets"]


def check_refusal(vault, status, *arguments, hidden=(), **more):
    """What it said once the vault is known to be as it was, and nothing of the `hidden` to have been said."""
    before = vault.rows()
    done = vault.run("import", *arguments, **more)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (status, b""), said
    assert said.startswith("coffer: error: ") and said.count("\n") == 2 and "\ncoffer: hint: " in said
    for piece in hidden:
        assert piece.lower() not in said.lower()
    assert vault.rows() == before
    return said


# What is read


@pytest.mark.parametrize("format", FILES)
def test_each_format_is_read_when_it_is_named(vault, write, format):
    vault.ok("import", write(FILES[format][1]), "--format", format)
    assert values(vault) == {"PLAIN": "abc-123", "QUOTED": VALUE}


@pytest.mark.parametrize("format", TOLD)
def test_a_format_is_told_by_the_file(vault, write, format):
    name, content = FILES[format]
    vault.ok("import", write(content, name or "file"))
    assert values(vault) == {"PLAIN": "abc-123", "QUOTED": VALUE}


@pytest.mark.parametrize("format", [format for format in TOLD if format != "shell"])
def test_a_format_is_told_by_standard_input(vault, format):
    vault.ok("import", "-", input=FILES[format][1])
    assert values(vault) == {"PLAIN": "abc-123", "QUOTED": VALUE}


@pytest.mark.parametrize("format", FILES)
def test_a_byte_order_mark_and_crlf_are_no_part_of_names_and_values(vault, write, format):
    vault.ok("import", write("\ufeff" + FILES[format][1].replace("\n", "\r\n")), "--format", format)
    assert values(vault) == {"PLAIN": "abc-123", "QUOTED": VALUE}


@pytest.mark.parametrize("format", ["shell", "dotenv"])
def test_comments_export_and_quotes_over_lines_are_understood(vault, write, format):
    vault.ok("import", "--format", format, write("""
# A comment = not an entry
  # another
export TOKEN=abc
KEY="-----BEGIN KEY-----
# not a comment
MIIE=
-----END KEY-----
"
EMPTY_LINES='a

b'
"""))
    assert values(vault) == {
        "TOKEN": "abc", "EMPTY_LINES": "a\n\nb",
        "KEY": "-----BEGIN KEY-----\n# not a comment\nMIIE=\n-----END KEY-----\n"}


EXPANSIONS = ["$OTHER", "${OTHER}", "${OTHER:-x}", "$(touch marker)", "`touch marker`", "$HOME/x", "~/x", "*"]


@pytest.mark.parametrize("format", ["shell", "dotenv", "compose", "docker", "node", "json", "yaml", "github", "fish"])
def test_nothing_is_expanded_or_carried_out(vault, folder, monkeypatch, format):
    monkeypatch.chdir(folder)
    secrets = {f"N{index}": value for index, value in enumerate(EXPANSIONS)}
    match format:
        case "json": text = json.dumps(secrets)
        case "yaml": text = "".join(f'{name}: "{value}"\n' for name, value in secrets.items())
        case "fish": text = "".join(f"set -gx {name} '{value}'\n" for name, value in secrets.items())
        case "docker" | "github": text = "".join(f"{name}={value}\n" for name, value in secrets.items())
        case _: text = "".join(f'{name}="{value}"\n' for name, value in secrets.items())
    vault.ok("import", "-", "--format", format, input="OTHER=other\n" * (format == "dotenv") + text)
    assert {name: value for name, value in values(vault).items() if name != "OTHER"} == secrets
    assert not Path("marker").exists()


def test_nothing_is_expanded_without_quotes_either(vault, folder, monkeypatch):
    monkeypatch.chdir(folder)
    vault.ok("import", "-", input="OTHER=other\nA=$OTHER\nB=$(touch marker)\nC=`touch marker`\n")
    assert values(vault) == {"OTHER": "other", "A": "$OTHER", "B": "$(touch marker)", "C": "`touch marker`"}
    assert not Path("marker").exists()


# All or nothing

PIECE = "PIECE5E7A91"
BAD = {
    "a quote that is not closed": (f'B="{PIECE}\nC={PIECE}\n', "line 2"),
    "blanks outside quotes": (f"B = {PIECE} {PIECE}\n{PIECE} {PIECE}\n", "line 3"),
    "a name of another form": (f"1B={PIECE}\n", "line 2: the name must"),
    "an empty value": (f"B={PIECE}\nC=\n", "line 3: the value must not be empty"),
    "a value of 10,001 letters": (f"B={PIECE}\nC={(PIECE * 1000)[:10_001]}\n", "line 3: C must be at most 10000"),
    "a value of 10,001 code points": (f"B={'e' + chr(0x301) * 10_000}\n", "line 2: B must be at most 10000"),
    "NUL": (f"B={PIECE}\0{PIECE}\n", "line 2"),
    "bytes that are not UTF-8": (f"B={PIECE}".encode() + b"\xff\n", "line 2, column 14"),
    "a surrogate": (f"B={PIECE}".encode() + b"\xed\xa0\x80\n", "line 2"),
    "a name twice": (f"B={PIECE}\nC=1\nB={PIECE}2\n", "line 4: B stands in line 2 already"),
}


@pytest.mark.parametrize("content, expected", BAD.values(), ids=BAD)
def test_one_bad_entry_and_none_is_stored(vault, write, content, expected):
    good = f"A={PIECE}\n"
    content = good + content if isinstance(content, str) else good.encode() + content
    vault.ok("add", "KEPT", input="kept")
    assert expected in check_refusal(vault, BAD_INPUT, write(content), hidden=[PIECE])


def test_everything_that_is_wrong_is_said_at_once(vault, write):
    said = check_refusal(vault, BAD_INPUT, write("A=1\nA=2\nB=3\nB=4\ndbUser=5\n"))
    assert [f"line {n}" in said for n in (2, 4, 5)] == [True] * 3
    said = check_refusal(vault, BAD_INPUT, write(f"A=\nB=\nC={'x' * 10_001}\n"))
    assert [f"line {n}: " in said for n in (1, 2, 3)] == [True] * 3


def test_the_longest_value_is_stored(vault, write):
    vault.ok("import", write(f"A={'𝄞' * 10_000}\n"))
    assert values(vault) == {"A": "𝄞" * 10_000}


def test_a_line_of_a_quoted_value_does_not_tell_the_format(vault, write):
    vault.ok("import", write("SCRIPT='\nA<<EOF\nB=1\nEOF\n'\n"))
    assert values(vault) == {"SCRIPT": "\nA<<EOF\nB=1\nEOF\n"}


def test_empty_values_are_left_out_when_asked(vault, write):
    said = vault.run("import", write("A=\nB=2\nC=''\n"), "--skip-empty").stderr
    assert (values(vault), said) == ({"B": "2"}, b"coffer: 1 entry: 1 created\n")


def test_a_file_without_entries_stores_nothing(vault, write):
    before = vault.rows()
    assert vault.ok("import", write("# nothing\n\n")) == b""
    assert vault.rows() == before


# Names of other forms

FIXED = {"dbPassword": "DB_PASSWORD", "db-host": "DB_HOST", "db.port": "DB_PORT", "APIKey": "API_KEY", "user": "USER"}


def test_names_are_made_fit_only_when_asked(vault, write):
    file = write("".join(f"{name}=value of {name}\n" for name in FIXED))
    said = check_refusal(vault, BAD_INPUT, file, hidden=["value of"])
    for line, fixed in enumerate(FIXED.values(), 1):
        assert f"line {line}: the name must start with A to Z" in said
        assert f"--fix-names makes it {fixed}" in said
    vault.ok("import", file, "--fix-names")
    assert values(vault) == {fixed: f"value of {name}" for name, fixed in FIXED.items()}


def test_names_that_become_the_same_are_refused(vault, write):
    said = check_refusal(vault, BAD_INPUT, write("db-user=1\nDB_USER=2\n"), "--fix-names")
    assert "line 2: DB_USER stands in line 1 already" in said


@pytest.mark.parametrize("name", ["1st", "_x", "ünï", "n" * 129], ids=["digit", "underscore", "accents", "length"])
def test_a_name_that_cannot_be_made_fit_is_refused(vault, name):
    content = json.dumps({name: "value"})
    assert "line 1: the name must" in check_refusal(vault, BAD_INPUT, "-", "--fix-names", input=content, hidden=[name])


UNQUOTED = {
    "the rest of a PEM key": ("KEY=-----BEGIN KEY-----\n{}==\n-----END KEY-----\n", "q8RfZkd2Xw"),
    "a PEM key of capitals": ("KEY=-----BEGIN KEY-----\n{}==\n-----END KEY-----\n", "Q8RFZKD2XW"),
    "the last line of wrapped base64": ("KEY=3q2+7w\n{}==\n", "q8RfZkd2Xw"),
    "the rest of a connection string": ("URL='x\n{}=1;b\n", "hunter2Secret"),
    "the rest of a quoted value": ("A=\"abc\ndef\"ghi\n{}\"=x\n", "hunter2secret"),
    "a word behind a value": ("A=abc {}=x\n", "hunter2secret"),
}


# To docker a quote is a character like others, so what stands in the next line is a name as good as any.
READ_AS = {
    f"{what} {' '.join(options)}": (*case, options)
    for what, case in UNQUOTED.items()
    for options in ([], ["--fix-names"], ["--format", "shell"], ["--format", "docker"])
    if "docker" not in options or what != "the rest of a connection string"
}


@pytest.mark.parametrize("content, piece, options", READ_AS.values(), ids=READ_AS)
def test_a_value_in_a_name_s_place_is_not_said(vault, write, content, piece, options):
    done = vault.run("import", write(content.format(piece)), *options)
    assert piece.lower() not in (done.stdout + done.stderr).decode().lower().replace("_", "")


# Names that are taken


@pytest.fixture(scope="module")
def filled(new, tmp_path_factory):
    """A vault with two secrets and a project that has one more."""
    vault = copy(new, tmp_path_factory.mktemp("filled"))
    vault.ok("add", "TAKEN", input="old"), vault.ok("add", "TAKEN_2", input="old 2")
    vault.ok("project", "create", "web")
    vault.ok("add", "PROJECT_ONE", "--project", "web", input="old")
    return vault


@pytest.fixture
def taken(filled, folder):
    return copy(filled, folder)


ENTRIES = "TAKEN=new\nFREE=free\nTAKEN_2=new 2\n"


def test_a_taken_name_fails_everything_and_is_told(taken, write):
    for options in ([], ["--on-conflict", "fail"], ["--dry-run"], ["--json"]):
        said = check_refusal(taken, EXISTS, write(ENTRIES), *options, hidden=["new"])
        assert "2 names are taken: TAKEN, TAKEN_2\n" in said


def test_taken_names_are_skipped(taken, write):
    taken.ok("import", write(ENTRIES), "--on-conflict", "skip")
    assert values(taken) == {"TAKEN": "old", "TAKEN_2": "old 2", "FREE": "free"}


def test_taken_names_get_the_new_value_and_keep_their_id(taken, write):
    taken.ok("update", "TAKEN", "--default-available", "true")
    kept = ("id", "name", "default_available", "created_at", "created_by_agent")
    before = {secret["name"]: [secret[key] for key in kept] for secret in listed(taken)}
    taken.ok("import", write(ENTRIES), "--on-conflict", "replace")
    assert values(taken) == {"TAKEN": "new", "TAKEN_2": "new 2", "FREE": "free"}
    after = {secret["name"]: [secret[key] for key in kept] for secret in listed(taken)}
    assert {name: after[name] for name in before} == before


def test_taken_names_get_the_first_number_that_is_free(taken, write):
    done = taken.run("import", write(ENTRIES), "--on-conflict", "rename")
    assert done.returncode == 0
    # TAKEN_2 is in the vault and in the file.
    assert values(taken) == {
        "TAKEN": "old", "TAKEN_2": "old 2", "TAKEN_3": "new", "FREE": "free", "TAKEN_2_2": "new 2"}
    assert done.stderr.decode().splitlines()[:2] == [
        "coffer: note: TAKEN was taken, so it is TAKEN_3", "coffer: note: TAKEN_2 was taken, so it is TAKEN_2_2"]


def test_a_new_name_is_never_one_of_the_file(vault, write):
    vault.ok("add", "A", input="old")
    vault.ok("import", write("A=first\nA_2=second\n"), "--on-conflict", "rename")
    assert sorted(values(vault).values()) == ["first", "old", "second"]
    assert values(vault)["A_2"] == "second"


@pytest.mark.parametrize("policy", ["fail", "skip", "replace", "rename"])
def test_a_name_of_another_scope_is_not_taken(taken, write, policy):
    before = values(taken)
    taken.ok("import", write("TAKEN=project's\n"), "--project", "web", "--on-conflict", policy)
    assert values(taken, "--project", "web") == {"PROJECT_ONE": "old", "TAKEN": "project's"}
    assert values(taken) == before


def test_a_name_is_taken_within_its_project(taken, write):
    file = write("PROJECT_ONE=new\n")
    assert "1 name is taken: PROJECT_ONE" in check_refusal(taken, EXISTS, file, "--project", "web")
    taken.ok("import", file, "--project", "web", "--on-conflict", "rename")
    assert values(taken, "--project", "web") == {"PROJECT_ONE": "old", "PROJECT_ONE_2": "new"}


def test_a_project_that_is_not_there_is_not_found(taken, write):
    check_refusal(taken, NOT_FOUND, write(ENTRIES), "--project", "no such", hidden=["new"])


# What is shown

NEW_MASK = "new••••••••cret"


@pytest.mark.parametrize(
    "policy, mask, fate",
    [("skip", "-", "skipped"), ("replace", NEW_MASK, "replaced"), ("rename", NEW_MASK, "renamed to TAKEN_3")])
def test_a_rehearsal_shows_masks_and_changes_nothing(taken, write, policy, mask, fate):
    file = write("TAKEN=new and long secret\nFREE=free and long secret\n")
    before = taken.rows()
    done = taken.run("import", file, "--on-conflict", policy, "--dry-run")
    assert [line.split("\t") for line in done.stdout.decode().splitlines()] == [
        ["TAKEN", mask, fate], ["FREE", "fre••••••••cret", "created"]]
    assert done.stderr.startswith(b"coffer: nothing was stored; of 2 entries it would be: ")
    assert b"long" not in done.stdout + done.stderr
    assert taken.rows() == before


def test_json_is_the_api_s_list(vault, write):
    file = write(f"A={PIECE}\nB={PIECE}2\n")
    answer = vault.ok("import", file, "--json")
    assert json.loads(answer) == json.loads(vault.ok("list", "--json"))
    assert PIECE.encode() not in answer


def test_secrets_are_available_by_default_only_when_asked(vault, write):
    vault.ok("import", write("A=1\n"))
    vault.ok("import", write("B=1\n"), "--default-available")
    assert {secret["name"]: secret["default_available"] for secret in listed(vault)} == {"A": False, "B": True}


def test_no_value_stands_in_output_or_on_the_command_line(vault):
    process = subprocess.Popen(
        [PROGRAM, "import", "-"], env=vault.environment(), start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(f"A={PIECE}\n".encode())
    process.stdin.flush()
    command_line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert values(vault) == {"A": PIECE}
    assert PIECE.encode() not in command_line + output + errors


# Files that cannot be


@pytest.mark.parametrize("file", ["missing", "."], ids=["no such file", "a directory"])
def test_a_file_that_cannot_be_read_is_refused(vault, folder, file):
    check_refusal(vault, INPUT_OUTPUT, folder / file)


def test_a_file_over_64_mib_is_refused(vault, folder):
    file = folder / "file"
    with file.open("wb") as output:
        output.write(f"A={PIECE}\n#".encode())
        output.truncate((64 << 20) + 1)
    assert "64 MiB" in check_refusal(vault, BAD_INPUT, file, hidden=[PIECE])
    with file.open() as input:
        done = subprocess.run(
            [PROGRAM, "import", "-"], env=vault.environment(), stdin=input, capture_output=True, timeout=60)
    assert (done.returncode, b"64 MiB" in done.stderr) == (BAD_INPUT, True)


def test_standard_input_is_not_both_passphrase_and_file(vault):
    check_refusal(vault, USAGE, "-", "--passphrase-fd", "0", input="A=1\n")


# Many


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A vault that has imported a file of 10,000 entries, and what was said."""
    vault = Vault(tmp_path_factory.mktemp("many")).init()
    file = vault.folder / "many.env"
    file.write_text("".join(f"NAME_{index}=value {index}\n" for index in range(10_000)))
    return vault, vault.run("import", file)


def test_ten_thousand_entries_are_all_there(many):
    vault, done = many
    # No bar without a terminal.
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"coffer: 10000 entries: 10000 created\n")
    exported = json.loads(vault.ok("export", "--all", "--format", "json"))
    assert exported == {f"NAME_{index}": f"value {index}" for index in range(10_000)}
    assert names(vault) == [f"NAME_{index}" for index in range(10_000)]


@pytest.mark.parametrize("count, is_shown", [(500, False), (501, True)])
def test_a_terminal_shows_how_far_it_is_with_more_than_500(vault, write, count, is_shown):
    file = write("".join(f"NAME_{index}={PIECE}\n" for index in range(count)))
    child = pexpect.spawn(
        str(PROGRAM), ["import", str(file)], env=vault.environment(), encoding="utf-8", dimensions=(24, 100),
        timeout=30)
    shown = child.read()
    child.close()
    assert child.exitstatus == 0
    assert (f"[{'#' * 40}] {count}/{count}" in shown) == is_shown
    # The bar is gone once it is done, and its line the summary's.
    assert shown.endswith(is_shown * "\r\x1b[K" + f"coffer: {count} entries: {count} created\r\n")
    assert PIECE not in shown
    assert len(names(vault)) == count

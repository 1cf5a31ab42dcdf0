"""Which secrets a command gets, what else it inherits, and how a run that fails or succeeds ends."""

import os
import re
import stat
import subprocess

import pexpect
import pytest

from conftest import PASSPHRASE, PROGRAM, Vault

NO_ID = "550e8400-e29b-41d4-a716-446655440000"
STEERING = ["PATH", "LD_PRELOAD", "BASH_ENV", "NODE_OPTIONS", "PYTHONPATH", "GIT_CONFIG_COUNT", "COFFER_VAULT"]
SECRETS = {
    "ALWAYS": ("always available", "--default-available"),
    "BOTH": ("the personal one", "--default-available"),
    "PLAIN": ("plain value",),
    "SHORT": ("abcde", "--default-available"),
}
PROJECT_SECRETS = {
    "BOTH": ("the project's one",),
    "PROJECT_ALWAYS": ("always in the project", "--default-available"),
    "PROJECT_PLAIN": ("plain in the project",),
}
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
WAYS = {"redacted": [], "in place": ["--no-redact"]}


def add_all(vault, secrets, *options):
    for name, (value, *more) in secrets.items():
        vault.ok("add", name, *more, *options, input=value)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A vault with personal secrets and those of two projects, that no test here changes."""
    vault = Vault(tmp_path_factory.mktemp("filled")).init()
    vault.ok("project", "create", "web"), vault.ok("project", "create", "other")
    add_all(vault, SECRETS)
    add_all(vault, PROJECT_SECRETS, "--project", "web")
    return vault


@pytest.fixture(scope="module")
def steering(tmp_path_factory):
    """A vault with secrets whose names steer the programs that a command runs."""
    vault = Vault(tmp_path_factory.mktemp("steering")).init()
    add_all(vault, {name: (f"/evil/{name}", "--default-available") for name in ["TOKEN", *STEERING]})
    return vault


@pytest.fixture(autouse=True)
def working_directory(folder, monkeypatch):
    monkeypatch.chdir(folder)


def explained(vault, *options, env=None):
    """The rows of an explanation: name, from where, why, and what else there is to say."""
    return [line.split("\t") for line in vault.ok("run", "--explain", *options, env=env).decode().splitlines()]


def given(vault, *options, env=None):
    """The variables that a command gets and would not have without Coffer."""
    done = vault.run("run", "--no-redact", *options, "--", "cat", "/proc/self/environ", env=env)
    assert done.returncode == 0, done.stderr
    before = vault.environment(**(env or {}))
    variables = dict(entry.split("=", 1) for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, value in variables.items() if before.get(name) != value}


def check_failure(vault, *arguments, status=125, env=None):
    """What a failure of Coffer's own says, once nothing is known to have been started."""
    done = vault.run("run", *arguments, env=env)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (status, b""), said
    assert "coffer: error: " in said and "\ncoffer: hint: " in said
    assert not os.path.exists("marker")
    return said


START = ["--", "touch", "marker"]

# What is selected


@pytest.mark.parametrize(
    "options, expected",
    [
        ("", "ALWAYS BOTH SHORT"),
        ("--secret PLAIN --secret ALWAYS --secret PLAIN", "ALWAYS BOTH PLAIN SHORT"),
        ("--all", "ALWAYS BOTH PLAIN SHORT"),
        ("--project web", "ALWAYS BOTH PROJECT_ALWAYS SHORT"),
        ("--project web --secret PROJECT_PLAIN", "ALWAYS BOTH PROJECT_ALWAYS PROJECT_PLAIN SHORT"),
        ("--project web --all", "ALWAYS BOTH PLAIN PROJECT_ALWAYS PROJECT_PLAIN SHORT"),
        ("--project other", "ALWAYS BOTH SHORT"),
    ],
)
def test_a_command_gets_what_is_available_and_what_is_asked_for(filled, options, expected):
    assert sorted(given(filled, *options.split())) == expected.split()
    assert [row[0] for row in explained(filled, *options.split())] == expected.split()


def test_a_command_gets_the_values_byte_for_byte(filled):
    assert given(filled, "--project", "web", "--all") == {
        name: value for name, (value, *_) in {**SECRETS, **PROJECT_SECRETS}.items()}


def test_a_project_s_secret_stands_before_a_personal_one(filled):
    assert given(filled, "--project", "web")["BOTH"] == "the personal one"
    for options in (["--secret", "BOTH"], ["--all"]):
        assert given(filled, "--project", "web", *options)["BOTH"] == "the project's one"


def test_a_secret_may_be_wanted_by_its_id(filled):
    id = filled.ok("list", "--project", "web").decode().splitlines()[1].split("\t")[-1]
    assert given(filled, "--secret", id)["PROJECT_ALWAYS"] == "always in the project"


# What is explained

NOT_REDACTED = "not redacted: fewer than 6 characters"


def test_an_explanation_tells_from_where_and_why(filled):
    assert explained(filled, "--project", "web", "--secret", "PLAIN", "--all", env={"ALWAYS": "x"}) == [
        ["ALWAYS", "personal", "available by default", "replaces the inherited variable"],
        ["BOTH", "web", "--all", "-"],
        ["PLAIN", "personal", "--secret", "-"],
        ["PROJECT_ALWAYS", "web", "available by default", "-"],
        ["PROJECT_PLAIN", "web", "--all", "-"],
        ["SHORT", "personal", "available by default", NOT_REDACTED],
    ]


def test_an_explanation_is_a_table_on_a_terminal(filled):
    child = pexpect.spawn(
        str(PROGRAM), ["run", "--explain"], env=filled.environment(SHORT="x"), encoding="utf-8",
        dimensions=(24, 120), timeout=30)
    lines = child.read().splitlines()
    child.close()
    assert (child.exitstatus, lines) == (0, [
        "NAME    FROM      WHY                   NOTE",
        "ALWAYS  personal  available by default  -",
        "BOTH    personal  available by default  -",
        f"SHORT   personal  available by default  {NOT_REDACTED}; replaces the inherited variable",
    ])


def test_an_explanation_starts_nothing_and_shows_no_value(filled):
    done = filled.run("run", "--explain", "--all", *START)
    assert (done.returncode, done.stderr, os.path.exists("marker")) == (0, b"", False)
    assert not any(value.encode() in done.stdout for value, *_ in SECRETS.values())


def test_an_empty_selection_is_noted_and_no_failure(vault):
    done = vault.run("run", "--explain")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"coffer: note: no secret is selected")
    assert vault.ok("run", "--", "echo", "started") == b"started\n"


# The project file


@pytest.fixture
def project_file(folder):
    def write(content, directory="."):
        file = folder / directory / ".coffer.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    return write


def test_the_project_file_selects(filled, project_file):
    project_file('{"project": "web", "secrets": ["PLAIN", "PROJECT_PLAIN"]}')
    assert [row[:3] for row in explained(filled)] == [
        ["ALWAYS", "personal", "available by default"], ["BOTH", "personal", "available by default"],
        ["PLAIN", "personal", ".coffer.json"], ["PROJECT_ALWAYS", "web", "available by default"],
        ["PROJECT_PLAIN", "web", ".coffer.json"], ["SHORT", "personal", "available by default"],
    ]
    assert given(filled)["PROJECT_PLAIN"] == "plain in the project"


@pytest.mark.parametrize("content", ["{}", '{"secrets": ["PLAIN"]}', '{"project": "web"}', ' {"secrets": []}\n'])
def test_each_member_of_the_project_file_may_be_left_out(filled, project_file, content):
    project_file(content)
    names = [row[0] for row in explained(filled)]
    assert ("PLAIN" in names, "PROJECT_ALWAYS" in names) == ("PLAIN" in content, "web" in content)


def test_the_nearest_project_file_of_the_directories_above_counts(filled, project_file, monkeypatch):
    project_file('{"project": "web"}')
    project_file('{"secrets": ["PLAIN"]}', "a/b")
    os.makedirs("a/b/c"), os.mkdir("d")
    for directory, expected in [("d", "PROJECT_ALWAYS"), ("a", "PROJECT_ALWAYS"), ("a/b/c", "PLAIN")]:
        with monkeypatch.context() as context:
            context.chdir(directory)
            assert {"PLAIN", "PROJECT_ALWAYS"} & given(filled).keys() == {expected}


def test_a_project_on_the_command_line_sets_the_project_file_aside(filled, project_file):
    project_file('{"project": "web", "secrets": ["PLAIN"]}')
    assert sorted(given(filled, "--project", "other")) == ["ALWAYS", "BOTH", "SHORT"]
    project_file("not even JSON")
    assert sorted(given(filled, "--project", "other")) == ["ALWAYS", "BOTH", "SHORT"]


def test_a_secret_on_the_command_line_adds_to_the_project_file(filled, project_file):
    project_file('{"secrets": ["PLAIN"]}')
    assert [row[2] for row in explained(filled, "--secret", "PLAIN", "--secret", "ALWAYS")] == [
        "--secret", "available by default", "--secret", "available by default"]


BAD_FILES = {
    "no JSON": "canary_5e7a91", "a list": '["canary_5e7a91"]', "a list of numbers": '{"secrets": [1]}',
    "an unknown member": '{"secret": ["PLAIN"], "canary_5e7a91": 1}', "a project that is none": '{"project": 1}',
    "too large": '{"secrets": []}' + " " * 65_536,
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
def test_a_project_file_of_another_form_is_refused(filled, project_file, content):
    file = project_file(content)
    for options in (["--explain"], START):
        said = check_failure(filled, *options)
        assert f"error: {file} is " in said and "canary" not in said
    assert filled.run("export").returncode == 65


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_a_project_file_that_is_no_file_is_refused(filled, make):
    make(".coffer.json")
    assert ".coffer.json is not a file" in check_failure(filled, *START)


@pytest.mark.parametrize(
    "content, said",
    [
        ('{"project": "no such"}', "no such project"),
        ('{"secrets": ["NO_SUCH"]}', "no secret is called NO_SUCH"),
        ('{"secrets": ["PROJECT_PLAIN"]}', "no secret is called PROJECT_PLAIN"),
        ('{"secrets": ["canary 5e7a91"]}', "no secret is called that"),
    ])
def test_what_a_project_file_names_must_exist(filled, project_file, content, said):
    project_file(content)
    assert said in check_failure(filled, *START)


@pytest.mark.parametrize("owner", ["everybody", pytest.param("another", marks=AS_ROOT)])
def test_a_project_file_that_others_may_write_is_passed_over(filled, project_file, monkeypatch, owner):
    project_file('{"secrets": ["PLAIN"]}')
    file = project_file('{"project": "web"}', "a")
    file.chmod(0o666) if owner == "everybody" else os.chown(file, 4242, 4242)
    monkeypatch.chdir("a")
    done = filled.run("run", "--explain")
    assert done.stderr.decode() == f"coffer: warning: {file} is another user's, or open for everybody to write, and was passed over\n"
    names = [line.split("\t")[0] for line in done.stdout.decode().splitlines()]
    assert names == ["ALWAYS", "BOTH", "PLAIN", "SHORT"]


# Names that steer programs


def test_names_that_steer_programs_are_passed_over_and_noted(steering):
    for options in ([], ["--all"]):
        done = steering.run("run", "--no-redact", *options, "--", "cat", "/proc/self/environ")
        assert (done.returncode, b"TOKEN=/evil/TOKEN\0" in done.stdout) == (0, True)
        assert done.stdout.count(b"/evil/") == 1
        for name in STEERING:
            assert f"note: {name} steers the programs that a task runs" in done.stderr.decode()
    rows = {name: rest for name, *rest in explained(steering)}
    assert rows["TOKEN"][2] == "-"
    assert all(rows[name][2].startswith("left out: ") for name in STEERING)


def test_a_project_file_gives_no_name_that_steers_programs(steering, project_file):
    project_file('{"secrets": ["TOKEN", "LD_PRELOAD"]}')
    rows = {name: rest for name, *rest in explained(steering)}
    assert (rows["TOKEN"][2], rows["LD_PRELOAD"][1]) == ("-", ".coffer.json")
    assert rows["LD_PRELOAD"][2].startswith("left out: ")
    assert "LD_PRELOAD" not in given(steering)


@pytest.mark.parametrize("name", STEERING)
def test_a_name_that_steers_programs_is_given_to_who_names_it(steering, name):
    done = steering.run("run", "--no-redact", "--secret", name, "--", "/bin/cat", "/proc/self/environ")
    assert f"{name}=/evil/{name}\0" in done.stdout.decode()
    assert [row[2] for row in explained(steering, "--secret", name) if row[0] == name] == ["--secret"]


def test_a_command_is_looked_for_along_the_path_it_gets(vault, folder):
    program = folder / "only-here"
    program.write_text("#!/bin/sh\necho found\n")
    program.chmod(0o755)
    vault.ok("add", "PATH", input=str(folder))
    assert vault.run("run", "--", "only-here").returncode == 127
    assert vault.ok("run", "--secret", "PATH", "--", "only-here") == b"found\n"


# What a command inherits


@pytest.mark.parametrize("way, expected", [([], "{{$ALWAYS}}"), (["--no-redact"], "always available")], ids=WAYS)
def test_a_secret_replaces_every_inherited_variable_of_its_name(filled, way, expected):
    # A key of bytes and one of text: the same name twice, as an environment can have it.
    environment = {**filled.environment(), "ALWAYS": "one", b"ALWAYS": "two", "ALWAYS_NOT": "kept"}
    done = subprocess.run(
        [PROGRAM, "run", *way, "--", "cat", "/proc/self/environ"], env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=30, start_new_session=True)
    variables = [variable for variable in done.stdout.decode().split("\0") if variable.startswith("ALWAYS")]
    assert sorted(variables) == [f"ALWAYS={expected}", "ALWAYS_NOT=kept"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_variables_that_lead_to_the_passphrase_are_not_inherited(filled, way):
    environment = {"COFFER_PASSPHRASE_COMMAND": f"echo '{PASSPHRASE}'", "COFFER_OTHER": "kept"}
    for more in ({}, {"COFFER_PASSPHRASE_FILE": None}):
        done = filled.run("run", *way, "--", "env", env=environment | more)
        assert done.returncode == 0
        inherited = dict(line.split("=", 1) for line in done.stdout.decode().splitlines())
        coffer = {name: value for name, value in inherited.items() if name.startswith("COFFER_")}
        assert coffer == {"COFFER_OTHER": "kept", "COFFER_VAULT": str(filled.path)}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("trap", ["", "trap '' PIPE;"], ids=["SIGPIPE", "SIGPIPE ignored"])
def test_limits_signals_and_modes_are_as_outside(filled, way, trap):
    look = ["sh", "-c", "umask; ulimit -Sc; ulimit -Hc; grep -E 'Sig(Ign|Blk)|NoNewPrivs' /proc/self/status; pwd"]
    around = ["bash", "-c", f'umask 026; ulimit -Sc "$(ulimit -Hc)"; {trap} exec "$@"', "-"]
    outside, inside = (
        subprocess.run([*around, *command], env=filled.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=30, start_new_session=True).stdout
        for command in (look, [PROGRAM, "run", *way, "--", *look]))
    assert outside.startswith(b"0026\n")
    assert inside == outside


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_command_has_no_descriptor_of_the_vault_and_keeps_its_own(filled, folder, way):
    with (folder / "own").open("w+") as own:
        done = subprocess.run(
            [PROGRAM, "run", *way, "--", "ls", "-l", "/proc/self/fd"], env=filled.environment(),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=30, pass_fds=[own.fileno()], start_new_session=True)
        places = dict(re.findall(r"(\d+) -> (.*)", done.stdout.decode()))
        assert places[str(own.fileno())] == str(folder / "own")
        # Beside these, the one by which `ls` looks.
        opened = {number for number, place in places.items() if not place.startswith("/proc/")}
        assert opened == {"0", "1", "2", str(own.fileno())}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_command_cannot_read_the_passphrase_from_its_descriptor(filled, way):
    with filled.passphrase_file.open() as file:
        number = file.fileno()
        done = subprocess.run(
            [PROGRAM, "run", *way, "--passphrase-fd", str(number), "--", "cat", f"/proc/self/fd/{number}"],
            env=filled.environment(COFFER_PASSPHRASE_FILE=None), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=30, pass_fds=[number], start_new_session=True)
    assert PASSPHRASE.encode() not in done.stdout


def test_values_are_not_on_coffer_s_command_line(filled):
    process = subprocess.Popen(
        [PROGRAM, "run", "--all", "--", "sh", "-c", "echo started; read line"], env=filled.environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    assert process.stdout.readline() == b"started\n"
    with open(f"/proc/{process.pid}/cmdline", "rb") as file:
        command_line = file.read()
    process.communicate(b"\n", timeout=30)
    assert process.returncode == 0
    assert not any(value.encode() in command_line for value, *_ in SECRETS.values())


def test_without_redaction_coffer_becomes_the_command(filled):
    process = subprocess.Popen(
        [PROGRAM, "run", "--no-redact", "--", "sh", "-c", "echo $$; echo $ALWAYS"], env=filled.environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.communicate(timeout=30)[0] == f"{process.pid}\nalways available\n".encode()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_arguments_and_input_reach_the_command_byte_for_byte(filled, way):
    argument = os.fsdecode(b"\xff -- $ALWAYS")
    assert filled.ok("run", *way, "--", "printf", "%s|", argument, "", "--project") == b"\xff -- $ALWAYS||--project|"
    assert filled.ok("run", *way, "--", "cat", input=bytes(range(256))) == bytes(range(256))


# How a run ends


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("status", [0, 3, 64, 125, 126, 127, 255])
def test_a_run_ends_with_its_command_s_status(filled, way, status):
    done = filled.run("run", *way, "--", "sh", "-c", f"exit {status}")
    assert (done.returncode, b"error" in done.stderr) == (status, False)


@pytest.mark.parametrize("signal", [9, 15, 1, 6])
def test_a_command_that_a_signal_ends_has_128_more(filled, signal):
    assert filled.run("run", "--", "sh", "-c", f"kill -{signal} $$").returncode == 128 + signal
    assert filled.run("run", "--no-redact", "--", "sh", "-c", f"kill -{signal} $$").returncode == -signal


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_command_that_cannot_be_started_has_the_statuses_of_env(filled, folder, way):
    (folder / "canary").write_text("echo x\n")
    for command, status in [
        ("no-such-canary", 127), ("./no/canary", 127), ("", 127), ("./canary", 126), ("/", 126),
    ]:
        assert "canary" not in check_failure(filled, *way, "--", command, status=status)


FAILURES = {
    "no command": [],
    "no command behind --": ["--"],
    "a command without --": ["touch", "marker"],
    "an unknown option": ["--canary", *START],
    "a value for a flag": ["--all=canary", *START],
    "an unknown secret": ["--secret", "NO_SUCH", *START],
    "an unknown id": ["--secret", NO_ID, *START],
    "another project's secret": ["--secret", "PROJECT_PLAIN", *START],
    "an unknown project": ["--project", "no such", *START],
    "no vault": ["--vault", "missing", *START],
    "no passphrase file": ["--passphrase-file", "missing", *START],
    "two passphrases": ["--passphrase-file", "a", "--passphrase-fd", "0", *START],
    "a descriptor that is not open": ["--passphrase-fd", "99", *START],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("arguments", FAILURES.values(), ids=FAILURES)
def test_a_failure_of_coffer_s_own_is_125_and_starts_nothing(filled, arguments, way):
    assert "canary" not in check_failure(filled, *way, *arguments)


def test_without_the_right_passphrase_nothing_is_started(filled, folder):
    (folder / "wrong").write_text("wrong\n")
    (folder / "wrong").chmod(0o600)
    assert "wrong passphrase" in check_failure(filled, "--passphrase-file", "wrong", *START)
    assert "is locked" in check_failure(filled, *START, env={"COFFER_PASSPHRASE_FILE": None})


# Short values


def notes(vault, *options, **environment):
    said = vault.run("run", *options, "--", "true", env=environment).stderr.decode()
    return [line.split()[2] for line in said.splitlines() if "is not redacted" in line]


@pytest.mark.parametrize("state", [{}, {"XDG_STATE_HOME": "state"}], ids=["HOME", "XDG_STATE_HOME"])
def test_a_value_that_is_too_short_is_noted_once(vault, folder, state):
    state = {name: str(folder / value) for name, value in state.items()}
    add_all(vault, {"ONE": ("ünïcö", "--default-available"), "LONG": ("ünïcöd", "--default-available")})
    assert notes(vault, "--no-redact", **state) == []
    assert notes(vault, **state) == ["ONE"]
    assert notes(vault, **state) == []
    add_all(vault, {"TWO": ("2", "--default-available")})
    assert notes(vault, **state) == ["TWO"]
    vault.ok("delete", "ONE"), add_all(vault, {"ONE": ("1", "--default-available")})
    assert notes(vault, **state) == ["ONE"]
    marks = folder / ("state" if state else ".local/state") / "coffer" / "marks"
    assert [(file.stat().st_size, stat.S_IMODE(file.stat().st_mode)) for file in marks.iterdir()] == [(0, 0o600)] * 3


def test_where_no_mark_can_be_made_it_is_noted_each_time(vault):
    add_all(vault, {"ONE": ("1", "--default-available")})
    for _ in range(2):
        assert notes(vault, XDG_STATE_HOME="/proc/nowhere") == ["ONE"]

"""What the program writes holds together as docs/format.md says: state, digest, log, chain, former values, marks.

A second reader that knows only that page finds nothing wrong after anything that was done.
"""

import shutil
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest

from conftest import PASSPHRASE, Vault
from second_reader import Reader, passphrase_in
from second_reader_boxes import Damaged, RolledBack
from second_reader_integrity import check_mark

USER, TOKEN = 1, 2
SECRET, PROJECT = 1, 2


def read(vault):
    return Reader(vault.path, passphrase_in(vault.passphrase_file))


@contextmanager
def whole(vault):
    """The vault, in which nothing is wrong."""
    with read(vault) as reader:
        assert reader.verify() == []
        yield reader


def mark_of(vault):
    """This machine's mark of the vault, where the page says that it is."""
    with read(vault) as reader:
        return vault.folder / ".local" / "state" / "coffer" / f"{UUID(bytes=reader.vault_id)}.mark"


def test_nothing_is_wrong_after_anything_that_is_done(vault):
    """Each step adds a transaction and its events, and changes the digest unless it only reads."""
    env_file, template = vault.folder / "import.env", vault.folder / "template"
    env_file.write_text("IMPORTED=one\nFIRST=replaced\n")
    template.write_text("{{$FIRST}}")
    # What is done, and the kinds of events that it adds.
    steps = [
        (["add", "FIRST"], [2]), (["add", "SECOND", "--default-available"], [2]),
        (["update", "FIRST", "--default-available", "true"], [3]), (["update", "FIRST", "--rename", "THIRD"], [3]),
        *[(["rotate", "THIRD"], [4])] * 12, (["update", "THIRD", "--rename", "FIRST"], [3]),
        (["import", env_file, "--on-conflict", "replace"], [11]), (["delete", "SECOND"], [5]),
        (["project", "create", "Brief"], [12]), (["add", "INSIDE", "--project", "Brief"], [2]),
        (["rotate", "INSIDE", "--project", "Brief"], [4]), (["project", "delete", "Brief", "--with-secrets"], [13]),
        (["token", "create", "--name", "brief"], [14]), (["token", "revoke", "brief"], [15]),
        (["reveal", "FIRST"], [7]), (["run", "--secret", "FIRST", "--", "true"], [8]),
        (["export", "--format", "shell"], [9]), (["inject", "-i", template], [10]), (["list"], []),
    ]
    with whole(vault) as reader:
        state, kinds = reader.state, [event.kind for event in reader.events()]
    assert kinds == [1]
    for number, (command, added) in enumerate(steps):
        vault.ok(*command, input=f"value {number}")
        before = state
        with whole(vault) as reader:
            state, kinds = reader.state, kinds + added
            assert [event.kind for event in reader.events()] == kinds, command
        assert state.epoch == before.epoch + len(added), command
        assert (state.digest != before.digest) == (added not in ([], [7], [8], [9], [10])), command
    assert state[2:10] == (1, 1, 2, 10, 1, 2, 4, 1), "what there is, and the last numbers that were given"


def test_former_values_are_kept_as_the_page_says(vault):
    """The ten before the current one, each with its mask and the time at which it was replaced."""
    values = [f"value number {n} of the secret" for n in range(1, 14)]
    begin = int(time.time())
    vault.ok("add", "ROTATED", input=values[0])
    for number, value in enumerate(values[1:], 1):
        vault.ok("rotate", "ROTATED", input=value)
        with whole(vault) as reader:
            scope = reader.personal()
            secret = reader.find(scope, "ROTATED")
            versions = reader.versions(scope, secret)
            kept = [reader.reveal(scope, secret, version) for version in versions]
        assert kept == values[max(0, number - 10):number]
        assert [v.value_revision for v in versions] == [*range(max(1, number - 9), number + 1)]
        assert {v.mask for v in versions} == {"val••••••••cret"}
        replaced = [v.replaced for v in versions]
        assert begin <= replaced[0] and replaced == sorted(replaced) and replaced[-1] == secret.updated <= time.time()


def test_a_former_value_is_the_very_box_that_it_was(vault):
    """It moves, unopened and as it is."""
    vault.ok("add", "MOVED", input="first")
    with whole(vault) as reader:
        before, = reader.secrets(reader.personal())
    vault.ok("rotate", "MOVED", input="second")
    with whole(vault) as reader:
        version, = reader.versions(reader.personal(), *reader.secrets(reader.personal()))
    assert version.sealed_value == before.sealed_value


def test_an_event_tells_who_did_what_to_which_secret(vault):
    """With the revisions after it, the name at that time, and the path of a program that was run."""
    begin = int(time.time())
    vault.ok("project", "create", "Told")
    vault.ok("add", "TOLD", "--project", "Told", input="first")
    vault.ok("rotate", "TOLD", "--project", "Told", input="second")
    vault.ok("update", "TOLD", "--project", "Told", "--rename", "RENAMED")
    vault.ok("run", "--project", "Told", "--secret", "RENAMED", "--", "true")
    vault.ok("delete", "RENAMED", "--project", "Told")
    with whole(vault) as reader:
        project, = reader.projects()
        first, created, *events = reader.events()
        vault_id = UUID(bytes=reader.vault_id)
    user = subprocess.run(["id", "-un"], capture_output=True, check=True, text=True).stdout.strip()
    assert {(e.actor_kind, e.actor, e.terminal, e.number) for e in (first, created, *events)} == {(USER, user, "", 0)}
    assert all(begin - 5 <= e.time <= time.time() for e in events)
    assert created.subjects == [(PROJECT, project.id, vault_id, 0, 0, "Told")]
    id, = {subject.id for event in events for subject in event.subjects}
    assert [event.subjects for event in events] == [
        [(SECRET, id, project.id, *revisions, name)] for revisions, name in (
            ((1, 1), "TOLD"), ((2, 2), "TOLD"), ((3, 2), "RENAMED"), ((3, 2), "RENAMED"), ((0, 0), "RENAMED"))]
    assert [event.detail for event in events] == ["", "", "", shutil.which("true"), ""]


def test_failed_attempts_to_unlock_are_in_the_log(vault):
    """Counted outside the vault, and told of by the next unlocking that writes."""
    vault.write_passphrase("wrong")
    assert {vault.run("list").returncode for _ in range(3)} == {77}
    vault.write_passphrase(PASSPHRASE)
    vault.ok("add", "AFTER", input="value")
    with whole(vault) as reader:
        failures = [event for event in reader.events() if event.kind == 16]
    assert [(event.number, event.subjects) for event in failures] == [(3, [])]


def test_what_is_about_many_is_several_events(vault):
    """At most 1,000 subjects an event."""
    env_file = vault.folder / "many.env"
    env_file.write_text("".join(f"NAME_{n}=value\n" for n in range(1_001)))
    vault.ok("import", env_file)
    with whole(vault) as reader:
        imported = [event for event in reader.events() if event.kind == 11]
        names = {secret.name for secret in reader.secrets(reader.personal())}
    assert [len(event.subjects) for event in imported] == [1_000, 1]
    assert {subject.name for event in imported for subject in event.subjects} == names


def test_a_pruned_log_begins_at_its_checkpoint(vault):
    """The link of the last event that went is the base, and the log says how many went. It can be done again."""
    vault.ok("add", "LOGGED", input="value")
    for keep, first in ((1, 2), (2, 2), (0, 4)):
        with whole(vault) as reader:
            state, events = reader.state, reader.events()
        vault.ok("audit", "prune", "--keep", str(keep))
        with whole(vault) as reader:
            went = reader.state.first_event - state.first_event
            assert reader.state.first_event == first
            if went == 0:
                assert reader.state == state
                continue
            assert reader.events()[:-1] == events[went:] and reader.state.digest == state.digest
            pruned = reader.events()[-1]
            assert (pruned.kind, pruned.number, pruned.subjects) == (18, went, [])
            assert reader.state.base != state.base and reader.state.base != bytes(32)
    vault.ok("rotate", "LOGGED", input="another value")
    with whole(vault) as reader:
        assert [event.kind for event in reader.events()] == [18, 4]


def test_a_former_value_made_current_again_is_the_next_revision(vault):
    """Sealed anew; the log has which one it was."""
    for number, command in enumerate(["add", "rotate", "rotate"], 1):
        vault.ok(command, "RESTORED", input=f"value {number}")
    vault.ok("restore-version", "RESTORED", "1")
    with whole(vault) as reader:
        scope, event = reader.personal(), reader.events()[-1]
        secret = reader.find(scope, "RESTORED")
        versions = reader.versions(scope, secret)
        assert reader.reveal(scope, secret) == reader.reveal(scope, secret, versions[0]) == "value 1"
        assert secret.sealed_value != versions[0].sealed_value
    assert [version.value_revision for version in versions] == [1, 2, 3] and secret.value_revision == 4
    assert (event.kind, event.number, [s.value_revision for s in event.subjects]) == (6, 1, [4])


def test_an_older_vault_that_was_accepted_is_in_the_log(vault):
    """With its epoch; and from then on it is the one that the mark is of."""
    older = vault.folder / "older"
    vault.ok("add", "KEPT", input="value")
    shutil.copyfile(vault.path, older)
    vault.ok("add", "LOST", input="value")
    shutil.copyfile(older, vault.path)
    with whole(vault) as reader:
        epoch = reader.state.epoch
    vault.ok("verify", "--accept-rollback")
    with whole(vault) as reader:
        event = reader.events()[-1]
        assert (event.kind, event.number, event.subjects) == (17, epoch, [])
        assert check_mark(reader, mark_of(vault).read_bytes()).epoch == reader.state.epoch > epoch


def test_nothing_is_wrong_while_a_server_writes(vault, server):
    """Nor at any moment in between: writes that share a transaction change the state once. The token is the actor, and
    that it was used is a write of its own."""
    bodies = [{"name": f"NAME_{n}", "value": f"value {n}"} for n in range(24)]
    with whole(vault) as reader:
        epoch = reader.state.epoch
    with ThreadPoolExecutor(max_workers=8) as pool:
        posts = [pool.submit(server.request, "POST", "/api/v1/secrets", json=body) for body in bodies]
        while not all(post.done() for post in posts):
            with whole(vault) as reader:
                assert reader.state.secrets == len(reader.secrets(reader.personal()))
    assert {post.result().status_code for post in posts} == {201}
    with whole(vault) as reader:
        created = [event for event in reader.events() if event.kind == 2]
        assert reader.state.secrets == 24 and epoch < reader.state.epoch <= epoch + 25
    assert {(event.actor_kind, event.actor) for event in created} == {(TOKEN, "tests")}
    assert Counter(s.name for event in created for s in event.subjects) == Counter(body["name"] for body in bodies)


def test_the_mark_is_of_the_state_and_of_no_other_vault(vault):
    """Its 80 bytes, readable by nobody else; a byte that is changed is found."""
    vault.ok("add", "MARKED", input="value")
    path = mark_of(vault)
    mark = path.read_bytes()
    flipped = [mark[:n] + bytes([mark[n] ^ 1]) + mark[n + 1:] for n in range(80)]
    assert path.stat().st_mode & 0o777 == 0o600
    (vault.folder / "other").mkdir()
    with read(vault) as reader, read(Vault(vault.folder / "other").init()) as stranger:
        assert check_mark(reader, mark) == (reader.state.epoch, reader.state.head)
        for changed in (mark[:-1], mark + b"\0", b"", *flipped):
            with pytest.raises(Damaged):
                check_mark(reader, changed)
        with pytest.raises(Damaged):
            check_mark(stranger, mark)


def test_an_older_vault_is_refused_by_its_mark_alone(vault):
    """Every row of it holds together; only who has seen the newer one can tell. So it is for the program."""
    older = vault.folder / "older"
    vault.ok("add", "KEPT", input="value")
    shutil.copyfile(vault.path, older)
    vault.ok("add", "LOST", input="value")
    mark = mark_of(vault).read_bytes()
    with whole(vault) as reader:
        check_mark(reader, mark)
    shutil.copyfile(older, vault.path)
    with whole(vault) as reader, pytest.raises(RolledBack):
        check_mark(reader, mark)
    assert vault.run("list").returncode == 76
    assert vault.ok("list", "--json", env={"HOME": str(vault.folder / "another-machine")}).count(b"KEPT") == 1


def test_a_copy_that_went_its_own_way_is_refused_by_its_mark(vault):
    """The epoch is the same, and the head another."""
    fork = vault.folder / "fork"
    shutil.copyfile(vault.path, fork)
    vault.ok("add", "HERE", input="value")
    elsewhere = {"COFFER_VAULT": str(fork), "HOME": str(vault.folder / "another-machine")}
    vault.ok("add", "THERE", input="value", env=elsewhere)
    mark = mark_of(vault).read_bytes()
    with whole(vault) as reader, Reader(fork, PASSPHRASE.encode()) as forked:
        assert check_mark(reader, mark).epoch == forked.state.epoch and forked.verify() == []
        with pytest.raises(RolledBack):
            check_mark(forked, mark)
    shutil.copyfile(fork, vault.path)
    assert vault.run("list").returncode == 76

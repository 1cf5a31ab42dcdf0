"""Rows of scopes, secrets, former values and tokens that were changed, moved, deleted, or put back."""

from vectors.forging import resealed_metadata
from vectors.sample import (
    BEFORE_LAST, DELETED, EMPTY_PROJECT, FIRST, IN_PROJECT, PERSONAL, ROTATED, SECOND, THE_PROJECT, THE_TOKEN, VERSIONS,
    row)
from vectors.writing import (
    FIRST_IS_DAMAGED, GOOD, PROJECT_IS_DAMAGED, changed, deleted, flipped, found, put_back, reads, refused, scope,
    secret, swapped, text)

# A former value in the middle of those that are kept.
FOURTH = f"{VERSIONS} AND value_revision = 4"


def make_scopes(former):
    flipped("scopes", "scope_id", refused(76), None, "there is no personal scope any more", PERSONAL, "-personal")
    flipped("scopes", "wrapped_scope_key", refused(76), None, "the personal scope does not open", PERSONAL, "-personal")
    its_secret = f"row altered: {secret(IN_PROJECT)}"
    altered = f"row altered: {scope(THE_PROJECT)}"
    missing = f"row missing: {scope(THE_PROJECT)}"
    id = row(GOOD, "scopes", THE_PROJECT)["scope_id"]
    other = f"scope {text(id[:-1] + bytes([id[-1] ^ 1]))}"
    for column, fails, words in (
        ("scope_id", "", [f"row altered: {other}", f"row added: {other}", missing, its_secret]),
        ("sequence", "sequences", [altered]), ("revision", "", [altered]),
        ("wrapped_scope_key", "", [altered, its_secret]), ("sealed_details", "", [altered]),
    ):
        flipped("scopes", column, PROJECT_IS_DAMAGED, found(f"records digest {fails}", *words),
                "the project does not open", THE_PROJECT, "-project")
    deleted("scope", "The row of a project without secrets is gone.", reads(),
            found("digest counts", f"row missing: {scope(EMPTY_PROJECT)}"), "scopes", EMPTY_PROJECT)
    put_back("deleted-scope-put-back", "The row of a deleted project was put back, with its key.", reads(),
             found("digest counts", f"row added: scope {text(former.project['scope_id'])}"), "scopes", former.project)


def make_secrets(former):
    first, second = secret(FIRST), secret(SECOND)
    altered, replayed = f"row altered: {first}", f"row replayed: {first}"
    flipped("secrets", "scope_id", reads(first=66), found("records digest", altered),
            "the row is in no scope, which only a look at the whole vault can tell from a deleted row", FIRST)
    flipped("secrets", "name_tag", reads(list=76, first=66), found("records digest", altered),
            "the name does not lead to the row any more", FIRST)
    id = row(GOOD, "secrets", FIRST)["secret_id"]
    other = f"secret {text(id[:-1] + bytes([id[-1] ^ 1]))}"
    # One more revision than there were is also one more former value than there is: the flip of 1 is 9.
    missing = [f"row missing: version {n} of {first}" for n in range(1, 9)]
    for column, fails, words in (
        ("secret_id", "records digest", [f"row altered: {other}", f"row added: {other}", f"row missing: {first}"]),
        ("sequence", "records digest sequences", [altered]),
        ("metadata_revision", "records digest", [altered, replayed]),
        ("value_revision", "records digest versions", [altered, replayed, *missing]),
        ("sealed_metadata", "records digest", [altered]),
    ):
        flipped("secrets", column, FIRST_IS_DAMAGED, found(fails, *words), "the metadata does not open", FIRST)
    flipped("secrets", "sealed_value", reads(first=76), found("records digest", altered),
            "the metadata opens, the value does not", FIRST)

    both, altered = reads(list=76, first=76, second=76), [altered, f"row altered: {second}"]
    revisions = [replayed, f"row replayed: {second}"]
    swapped("secret_id", "Two secrets have exchanged their ids.", both, found("records digest", *altered, *revisions),
            "secret_id")
    swapped("name_tag", "Two secrets have exchanged their tags.", both, found("records digest", *altered), "name_tag")
    swapped("sealed_metadata", "Two secrets have exchanged their metadata.", both, found("records digest", *altered),
            "sealed_metadata")
    swapped("sealed_value", "Two secrets have exchanged their values.", reads(first=76, second=76),
            found("records digest", *altered), "sealed_value")
    swapped("sealed_columns", "Two secrets have exchanged metadata and value.", both, found("records digest", *altered),
            "sealed_metadata", "sealed_value")
    changed("moved-to-project", "A personal secret was moved to the project.", reads(list_project=76, first=66),
            found("records digest", altered[0]),
            f"UPDATE secrets SET scope_id = (SELECT scope_id FROM scopes WHERE {THE_PROJECT}) WHERE {FIRST}")
    changed("moved-to-personal", "The project's secret was moved to the personal scope.", reads(list=76),
            found("records digest", f"row altered: {secret(IN_PROJECT)}"),
            f"UPDATE secrets SET scope_id = (SELECT vault_id FROM vault) WHERE {IN_PROJECT}")
    deleted("secret", "The row of a secret is gone.", reads(second=66),
            found("digest counts", f"row missing: {second}"), "secrets", SECOND)
    deleted_id = text(former.secret["secret_id"])
    put_back("deleted-secret-put-back", "The row of a deleted secret was put back.", reads(DELETED_KEY=0),
             found("digest counts", f"row added: secret {deleted_id}"), "secrets", former.secret,
             {"DELETED_KEY": DELETED})
    put_back("replayed-secret", "The whole row of a secret is the one from before its last change.", reads(),
             found("digest", f"row replayed: {second}"), "secrets", former.second)


def make_versions(former):
    rotated = secret(ROTATED)

    def words(kind, revision):
        return f"row {kind}: version {revision} of {rotated}"

    changed("older-value", "An older value of the same secret was put back, with its revision.",
            reads(list=76, ROTATED_KEY=76),
            found("records digest versions", f"row altered: {rotated}", f"row replayed: {rotated}",
                  words("missing", 1), words("added", 11)),
            f"UPDATE secrets SET sealed_value = :sealed_value, value_revision = :value_revision WHERE {ROTATED}",
            **former.rotated)
    put_back("replayed-secret-and-value", "The whole row of a secret is the one from before its last rotation.",
             reads(ROTATED_KEY=0),
             found("digest versions", f"row replayed: {rotated}", words("missing", 1), words("added", 11)),
             "secrets", former.rotated, {"ROTATED_KEY": BEFORE_LAST})
    deleted("version", "A former value is gone.", reads(ROTATED_KEY=0),
            found("digest counts versions", words("missing", 4)), "secret_versions", FOURTH)
    put_back("deleted-version-put-back", "A former value that is kept no more was put back.", reads(ROTATED_KEY=0),
             found("digest counts versions", words("added", 1)), "secret_versions", former.version)
    for column in ("sealed_version", "sealed_value"):
        flipped("secret_versions", column, reads(ROTATED_KEY=0), found("records digest", words("altered", 4)),
                "the former value does not open", FOURTH)
    flipped("secret_versions", "value_revision", reads(ROTATED_KEY=0),
            found("records digest versions", words("altered", 12), words("added", 12), words("missing", 4)),
            "the former value does not open as another", FOURTH)
    older = row(GOOD, "secret_versions", f"{VERSIONS} AND value_revision = 3")
    put_back("replayed-version", "A former value stands in the place of the one after it.", reads(ROTATED_KEY=0),
             found("records digest", words("altered", 4)), "secret_versions", older | {"value_revision": 4})


def resealed(name, about, edit):
    """The first secret's metadata, edited by someone with the key: it opens, and must be refused for what it says."""
    changed(name, about, FIRST_IS_DAMAGED, found("records digest", f"row altered: {secret(FIRST)}"),
            f"UPDATE secrets SET sealed_metadata = :box WHERE {FIRST}", box=resealed_metadata(GOOD, FIRST, edit))


def make_records():
    resealed("record-version", "A record of version 2.", lambda record: b"\2" + record[1:])
    resealed("reserved-flag", "A flag that has no meaning.", lambda record: record[:1] + b"\4" + record[2:])
    resealed("left-over-byte", "A byte after the last field.",
             lambda record: (record.rstrip(b"\0")[:-1] + b"\0\x80").ljust(len(record), b"\0"))
    resealed("over-padded", "A whole block of padding more than there should be.", lambda record: record + bytes(64))
    resealed("name-of-another-tag", "A name that has another tag than the row's.",
             lambda record: record.replace(b"FIRST_KEY", b"OTHER_KEY"))


def make_tokens(former):
    id = row(GOOD, "tokens", THE_TOKEN)["token_id"]
    token, other = f"token {text(id)}", f"token {text(id[:-1] + bytes([id[-1] ^ 1]))}"
    altered = f"row altered: {token}"
    for column, fails, words in (
        ("token_id", "", [f"row altered: {other}", f"row added: {other}", f"row missing: {token}"]),
        ("sequence", "sequences", [altered]), ("sealed_details", "", [altered]),
    ):
        flipped("tokens", column, reads(list_tokens=76), found(f"records digest {fails}", *words),
                "the token does not open", THE_TOKEN)
    deleted("token", "The row of a token is gone.", reads(), found("digest counts", f"row missing: {token}"),
            "tokens", THE_TOKEN)
    put_back("replayed-token", "The row of a revoked token is the one from before it was revoked.", reads(),
             found("digest", f"row replayed: token {text(former.token['token_id'])}"), "tokens", former.token)

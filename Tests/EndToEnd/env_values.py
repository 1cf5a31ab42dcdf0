"""Values that readers of env files are likely to get wrong."""

import base64
import json
import textwrap

from hypothesis import HealthCheck, Phase, given, settings, strategies as st

LONGEST = 10_000  # of a secret's value, in code points

CLASSICS = [
    "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg+/==\n-----END PRIVATE KEY-----\n",
    '{"type": "service_account", "key": "-----BEGIN\\nMIIB\\n", "n": [1, "\\u00e9"]}',
    "$(touch pwned) `touch pwned` ${HOME} $HOME $$ $1 ${X:-y}",
    'x"\nPATH="/evil\nexport A=b # not a comment ; neither',
    "".join(map(chr, range(1, 128))),
    "".join(map(chr, range(128, 0x300))),
    "C:\\path\\", "cost$", "'\"`'\\''\"\"", " \t both ends \t ", "a\r\nb\rc\n\n", "#", "\n", "\r", " ", "\\", "$",
    "x $y\nKIND<<A\nv\nA\nZ=", "🔑" * LONGEST, '"' * LONGEST, "\ufeff",
    "\ufeffünï 𝄞 e\u0301 👩‍👩‍👧 العربية \u2028\u2029\x85\u202e",
]

_PIECES = [
    "$", "$$", "${", "${HOME}", "${X:-y}", "$HOME", "$(id)", "$((1+1))", "`id`", "\\", "\\\\", "\\n", "\\r\\n", "\\t",
    "\\$", "\\u0041", "\\x41", "\\101", "\\\n", "\n", "\r", "\r\n", "\n\n", "'", '"', "`", "'\\''", '\\"', '"""', "\\'",
    " ", "\t", " #", "#", "# ", ";", "&", "|", "!", "!!", "~", "*", "%s", "=", ":", ": ", "- ", "{", "}", "[", "]", ",",
    "export A=b", "\nA=b\n", "\nA<<B\n", "COFFER_EOF", "\nCOFFER_EOF\n", "\nCOFFER_EOF_\n", "---", "\n---\n", "{{$A}}",
    "coffer_unset", "\x01", "\x1b[0m", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufdd0", "\uffff",
    "\uf600", "é", "e\u0301", "𝄞", "true", "null", "0", "a", "word",
]
_CHARACTERS = st.one_of(
    st.sampled_from("\"'`\\$#!;&|<>(){}[]*?~=%^ \t\x01\x1b\x7f\x80\x81\x88\x85\xa0\u2028\ufeff"),
    st.characters(codec="ascii", exclude_characters="\0\r\n"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(_CHARACTERS, max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(_CHARACTERS, max_size=5), inner, max_size=3),
    max_leaves=4)


def _lines(key):
    return textwrap.wrap(base64.b64encode(key).decode(), 64)


# One line more often than several, because some readers know no line breaks.
LINES = st.text(_CHARACTERS, min_size=1, max_size=30)
TEXTS = st.text(_CHARACTERS | st.sampled_from("\r\n"), min_size=1, max_size=30)
MIXED = st.lists(st.sampled_from(_PIECES) | st.text(_CHARACTERS, max_size=3), min_size=1, max_size=6).map("".join)
HASHES = st.builds(
    lambda prefix, digest: prefix + base64.b64encode(digest, b"./").decode(),
    st.sampled_from(["$2a$10$", "$2b$12$", "$6$", "$argon2id$v=19$"]), st.binary(min_size=40, max_size=40))
KEYS = st.builds(
    lambda label, key, end: end.join([f"-----BEGIN {label}-----", *_lines(key), f"-----END {label}-----", ""]),
    st.sampled_from(["PRIVATE KEY", "CERTIFICATE"]), st.binary(max_size=150), st.sampled_from(["\n", "\r\n"]))
DOCUMENTS = st.builds(json.dumps, _JSON, indent=st.sampled_from([None, 2]), ensure_ascii=st.booleans())
LONG = st.builds(
    lambda piece, count: (piece * count)[:LONGEST], LINES | MIXED, st.sampled_from([*range(5, 80, 5), LONGEST]))

VALUES = st.one_of(LINES, MIXED, TEXTS, HASHES, KEYS, DOCUMENTS, LONG).filter(bool)


def draw(count):
    """Different values, the same ones each time: the classics, random ones, and these joined to make `count`."""
    drawn = []

    @settings(
        max_examples=count // 2, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck))
    @given(VALUES)
    def collect(value):
        drawn.append(value)

    collect()
    joined = [(first + second)[:LONGEST] for step in (1, 2) for first, second in zip(drawn, drawn[step:])]
    values = list(dict.fromkeys(CLASSICS + drawn + joined))[:count]
    assert len(values) == count
    return values

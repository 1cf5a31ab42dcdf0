"""systemd's reading of `EnvironmentFile=`.

A port of `parse_env_file_internal` and `check_utf8ness_and_warn` (systemd `src/basic/env-file.c`), of
`unichar_is_valid` (`src/basic/utf8.c`) and of `env_name_is_valid` (`src/basic/env-util.c`), by which
`exec_context_load_environment` (`src/core/execute.c`) leaves assignments out. Byte for byte the same as
`load_env_file` of libsystemd-shared 252 except for comments that end with a backslash, which since 254 end there.
"""

import re
from pathlib import Path

WHITESPACE = b" \t\n\r"
NEWLINE = b"\n\r"
COMMENTS = b"#;"
SHELL_NEED_ESCAPE = b'"\\`$'
NAME = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return {name.decode(): value for name, value in load(path.read_bytes())}


def load(text: bytes) -> list[tuple[bytes, bytes]]:
    """The assignments of a file, in order. Raises ValueError where systemd turns the whole file away."""
    entries = parse(text)
    for key, value in entries:
        if not is_valid(key) or not is_valid(value):
            raise ValueError("invalid UTF-8 for systemd")
    return [(key, value) for key, value in entries if NAME.fullmatch(key)]


def is_valid(text: bytes) -> bool:
    """`utf8_is_valid`: UTF-8 without noncharacters."""
    try:
        characters = text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(0xFDD0 <= ord(c) <= 0xFDEF or ord(c) & 0xFFFE == 0xFFFE for c in characters)


def parse(text: bytes) -> list[tuple[bytes, bytes]]:
    """`parse_env_file_internal`, state by state. A value without any character is NULL there and empty here."""
    entries: list[tuple[bytes, bytes]] = []
    key, value = bytearray(), bytearray()
    key_blank: int | None = None
    value_blank: int | None = None
    state = "PRE_KEY"

    def push(chomp: bool) -> None:
        end = value_blank if chomp else None
        entries.append((bytes(key[:key_blank]), bytes(value[:end])))
        key.clear()
        value.clear()

    # read_full_file() turns a file with NUL away.
    if b"\0" in text:
        raise ValueError("NUL in the file")
    for c in text:
        if state == "PRE_KEY":
            if c in COMMENTS:
                state = "COMMENT"
            elif c not in WHITESPACE:
                state, key_blank = "KEY", None
                key.append(c)
        elif state == "KEY":
            if c in NEWLINE:
                state = "PRE_KEY"
                key.clear()
            elif c == ord("="):
                state, value_blank = "PRE_VALUE", None
            else:
                if c not in WHITESPACE:
                    key_blank = None
                elif key_blank is None:
                    key_blank = len(key)
                key.append(c)
        elif state == "PRE_VALUE":
            if c in NEWLINE:
                state = "PRE_KEY"
                push(chomp=False)
            elif c == ord("'"):
                state = "SINGLE_QUOTE_VALUE"
            elif c == ord('"'):
                state = "DOUBLE_QUOTE_VALUE"
            elif c == ord("\\"):
                state = "VALUE_ESCAPE"
            elif c not in WHITESPACE:
                state = "VALUE"
                value.append(c)
        elif state == "VALUE":
            if c in NEWLINE:
                state = "PRE_KEY"
                push(chomp=True)
            elif c == ord("\\"):
                state, value_blank = "VALUE_ESCAPE", None
            else:
                if c not in WHITESPACE:
                    value_blank = None
                elif value_blank is None:
                    value_blank = len(value)
                value.append(c)
        elif state == "VALUE_ESCAPE":
            state = "VALUE"
            if c not in NEWLINE:
                value.append(c)
        elif state == "SINGLE_QUOTE_VALUE":
            if c == ord("'"):
                state = "PRE_VALUE"
            else:
                value.append(c)
        elif state == "DOUBLE_QUOTE_VALUE":
            if c == ord('"'):
                state = "PRE_VALUE"
            elif c == ord("\\"):
                state = "DOUBLE_QUOTE_VALUE_ESCAPE"
            else:
                value.append(c)
        elif state == "DOUBLE_QUOTE_VALUE_ESCAPE":
            state = "DOUBLE_QUOTE_VALUE"
            if c in SHELL_NEED_ESCAPE:
                value.append(c)
            elif c != ord("\n"):
                value += bytes([ord("\\"), c])
        elif state == "COMMENT":
            if c == ord("\\"):
                state = "COMMENT_ESCAPE"
            elif c in NEWLINE:
                state = "PRE_KEY"
        elif state == "COMMENT_ESCAPE":
            state = "PRE_KEY" if c in NEWLINE else "COMMENT"
    if state not in ("PRE_KEY", "KEY", "COMMENT", "COMMENT_ESCAPE"):
        push(chomp=state == "VALUE")
    return entries

"""Node 24's reader of env files: v24.21.0, `Dotenv::ParseContent` of src/node_dotenv.cc, in Python."""

from pathlib import Path

_SPACES = b" \t\n"


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return {name.decode(): value for name, value in parse(path.read_bytes()).items()}


def parse(text: bytes) -> dict[bytes, bytes]:
    """`Dotenv::ParseContent`."""
    found: dict[bytes, bytes] = {}
    text = text.replace(b"\r", b"").strip(_SPACES)
    place = 0
    while place < len(text):
        if text[place] in b"\n#":
            place = _next_line(text, place)
            continue
        equal, line = text.find(b"=", place), text.find(b"\n", place)
        if equal < 0 or 0 <= line < equal:
            if line < 0:
                break
            place = _pass_spaces(text, line + 1)
            continue
        name = text[place:equal].strip(_SPACES)
        place = equal + 1
        if place == len(text) or text[place : place + 1] == b"\n":
            found[name] = b""
            continue
        place = _pass_spaces(text, place)
        if not name:
            continue
        if name.startswith(b"export "):
            name = name[7:].strip(_SPACES)
        quote = text[place : place + 1]
        end = text.find(quote, place + 1) if quote in (b'"', b"'", b"`") else -1
        if end >= 0:
            value = text[place + 1 : end]
            found[name] = value.replace(b"\\n", b"\n") if quote == b'"' else value
            place = _next_line(text, end + 1)
            continue
        line = text.find(b"\n", place)
        value = text[place:] if line < 0 else text[place:line]
        found[name] = value if quote in (b'"', b"'", b"`") else value.split(b"#", 1)[0].strip(_SPACES)
        place = len(text) if line < 0 else _pass_spaces(text, line + 1)
    return found


def _next_line(text: bytes, place: int) -> int:
    line = text.find(b"\n", place)
    return len(text) if line < 0 else line + 1


def _pass_spaces(text: bytes, place: int) -> int:
    while place < len(text) and text[place] in _SPACES:
        place += 1
    return place

"""docker's reading of `docker run --env-file`.

A port of `parseKeyValueFile` (docker/cli `pkg/kvfile/kvfile.go`) and of what it needs of Go's `bufio.Scanner` with
`ScanLines`: at most 65,536 bytes a line, one CR dropped from its end.
"""

from pathlib import Path

MAX_SCAN_TOKEN_SIZE = 64 * 1024
# unicode.IsSpace
SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
SPACE += "\u202f\u205f\u3000"


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in load(path.read_bytes())}


def scan_lines(text: bytes) -> list[bytes]:
    """The lines as `bufio.Scanner` yields them."""
    lines = text.split(b"\n")
    last = lines.pop()
    # The buffer must hold the line and its LF; without LF there must be room left to see the end of the file.
    if any(len(line) + 1 > MAX_SCAN_TOKEN_SIZE for line in lines) or len(last) >= MAX_SCAN_TOKEN_SIZE:
        raise ValueError("bufio.Scanner: token too long")
    if last:
        lines.append(last)
    return [line.removesuffix(b"\r") for line in lines]


def load(text: bytes) -> list[tuple[str, str]]:
    """The assignments of a file, in order, without what comes from docker's own environment (`NAME` alone).

    Raises ValueError where docker turns the whole file away.
    """
    entries = []
    for number, scanned in enumerate(scan_lines(text), start=1):
        line = scanned.decode("utf-8")  # UnicodeDecodeError is a ValueError
        if number == 1:
            line = line.removeprefix("\ufeff")
        line = line.lstrip(SPACE)
        if not line or line.startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not key:
            raise ValueError("no variable name")
        if " " in key or "\t" in key:
            raise ValueError("a variable contains whitespaces")
        if equals:
            entries.append((key, value))
    return entries

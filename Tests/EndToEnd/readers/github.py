"""GitHub's reading of the file that `$GITHUB_ENV` names.

A port of `EnvFileKeyValuePairs` and `SetEnvFileCommand` (actions/runner `src/Runner.Worker/FileCommandManager.cs`) as
built for Linux, where lines end with LF alone.
"""

from pathlib import Path

SET_ENV_BLOCK_LIST = {"node_options"}


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    # File.ReadAllText() decodes UTF-8 and drops a byte order mark.
    text = path.read_bytes().decode().removeprefix("\ufeff")
    return {name: value.encode() for name, value in load(text)}


def load(text: str) -> list[tuple[str, str]]:
    """The assignments of a file, in order. Raises ValueError where the runner fails the step."""
    entries: list[tuple[str, str]] = []
    index = 0

    def read_line() -> tuple[str | None, str | None]:
        """The next line and what ended it, None at the end of the file."""
        nonlocal index
        if index >= len(text):
            return None, None
        start, end = index, text.find("\n", index)
        if end < 0:
            index = len(text)
            return text[start:], None
        index = end + 1
        return text[start:end], "\n"

    line, _ = read_line()
    while line is not None:
        equals, heredoc = line.find("="), line.find("<<")
        if not line:
            pass
        elif equals >= 0 and (heredoc < 0 or equals < heredoc):
            key, _, value = line.partition("=")
            entries.append((key, value))
        elif heredoc >= 0:
            key, _, delimiter = line.partition("<<")
            if not key or not delimiter:
                raise ValueError("name and delimiter must not be empty")
            start = end = index
            value_line, newline = read_line()
            while value_line != delimiter:
                if value_line is None:
                    raise ValueError("matching delimiter not found")
                if newline is None:
                    raise ValueError("EOF marker missing new line")
                end = index - len(newline)
                value_line, newline = read_line()
            entries.append((key, text[start:end] if end > start else ""))
        else:
            raise ValueError("invalid format")
        line, _ = read_line()
    return [(key, value) for key, value in entries if key.lower() not in SET_ENV_BLOCK_LIST]

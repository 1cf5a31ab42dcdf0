"""What the drivers' programs print: `NAME=value` and a NUL, for each variable."""


def parse(output: bytes) -> dict[str, bytes]:
    entries = (entry.split(b"=", 1) for entry in output.split(b"\0") if entry)
    return {name.decode(): value for name, value in entries}

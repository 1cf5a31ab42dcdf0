"""Output with secrets in it, in every form, and what is to become of it; independent of the program under test."""

import base64
import json
import random
import shlex
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SECRET_LENGTHS = [12, 20, 32, 40, 64, 100]
# Something for each encoder to escape.
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_.~ $'\"\\!&<>:@#%äß€😀"
ENCODE_URI_COMPONENT = "!*'()~"
ENCODE_URI = ENCODE_URI_COMPONENT + ";,/?:@&=+$#"


def secrets(count: int = 20, seed: int = 1) -> dict[str, str]:
    """Names and values: some that no encoder changes, some that all do, some of several lines."""
    source = random.Random(seed)
    values = {}
    for index in range(count):
        characters = CHARACTERS[:62] if index % 3 == 0 else CHARACTERS
        length = SECRET_LENGTHS[index % len(SECRET_LENGTHS)]
        value = "".join(source.choices(characters, k=length))
        if index % 5 == 4:
            value = "\n".join(value[at : at + 16] for at in range(0, length, 16))
        values[f"SECRET_{index}"] = value
    return values


def forms(value: str) -> set[bytes]:
    """Every form in which `value` is not to be seen."""
    plain = value.encode()
    found = {plain, plain.replace(b"\n", b"\r\n"), plain.hex().encode(), plain.hex().upper().encode()}
    found |= base64_forms(plain) | percent_forms(value) | json_forms(value) | shell_forms(value)
    return {form for form in found if len(form) >= 6}


def base64_forms(plain: bytes) -> set[bytes]:
    """Three alignments and lines of 76 and 64, each in both alphabets, without what neighbours take part in."""
    found = set()
    for before in range(3):
        # What no neighbour can change is what all zeros and all ones leave the same.
        low, high = (
            base64.b64encode(bytes([fill]) * before + plain + bytes([fill]) * ((-before - len(plain)) % 3))
            for fill in (0, 255)
        )
        found.add(bytes(a for a, b in zip(low, high) if a == b))
    alone = base64.b64encode(plain + b"\0\0\0")[: len(plain) * 8 // 6]
    for width in (76, 64):
        lines = [alone[at : at + width] for at in range(0, len(alone), width)]
        found |= {b"\n".join(lines), b"\r\n".join(lines)}
    return found | {form.translate(bytes.maketrans(b"+/", b"-_")) for form in found}


def percent_forms(value: str) -> set[bytes]:
    """RFC 3986, with and without `/`, HTML forms, and JavaScript's two functions; in both cases of the digits."""
    upper = {
        quote(value, safe=""),
        quote(value, safe="/"),
        quote_plus(value),
        quote_plus(value).replace("~", "%7E"),
        quote(value, safe=ENCODE_URI_COMPONENT),
        quote(value, safe=ENCODE_URI),
        "".join(f"%{byte:02X}" for byte in value.encode()),
    }
    return {form.encode() for form in upper | {lower_escapes(form) for form in upper}}


def lower_escapes(form: str) -> str:
    """`form` with the two digits behind each `%` in lower case."""
    first, *rest = form.split("%")
    return first + "".join("%" + part[:2].lower() + part[2:] for part in rest)


def json_forms(value: str) -> set[bytes]:
    """With and without ASCII only, `\\/`, and capital digits."""
    found = set()
    for is_ascii in (True, False):
        form = json.dumps(value, ensure_ascii=is_ascii)[1:-1]
        found |= {form, form.replace("/", "\\/")}
    return {form.encode() for form in found}


def shell_forms(value: str) -> set[bytes]:
    """Within single quotes, in two ways, and within double quotes."""
    single = shlex.quote("\n" + value)[2:-1]
    double = "".join("\\" + character if character in '\\"$`' else character for character in value)
    return {form.encode() for form in (single, value.replace("'", "'\\''"), double)}


def output(values: dict[str, str], size: int, seed: int = 2) -> Iterator[tuple[bytes, bytes]]:
    """Pieces of at least `size` bytes of output, each with what is to become of it.

    Noise of three kinds (binary, base64, lines of a log), with a form of a secret, and now and then only the beginning
    of one, after some hundred bytes of it.
    """
    source = random.Random(seed)
    pool = [(name, form) for name, value in values.items() for form in sorted(forms(value))]
    kinds = [
        source.randbytes(1 << 16),
        base64.b64encode(source.randbytes(3 << 14)),
        b"GET /index.html 200 12 ms\n" * 2600,
    ]
    written = 0
    while written < size:
        given, expected = bytearray(), bytearray()
        while len(given) < 1 << 20:
            start = source.randrange(1 << 15)
            noise = source.choice(kinds)[start : start + source.randrange(100, 5000)] + b"\n"
            name, form = source.choice(pool)
            if source.random() < 0.2:
                noise += form[: source.randrange(min(6, len(form)))] + b"\0"
            given += noise + form + b"\0"
            expected += noise + b"{{$" + name.encode() + b"}}\0"
        written += len(given)
        yield bytes(given), bytes(expected)


def occurrences(values: dict[str, str], text: bytes) -> list[str]:
    """The names of the secrets that stand in `text` in any form."""
    return [name for name, value in values.items() if any(form in text for form in forms(value))]

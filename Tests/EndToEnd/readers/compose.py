"""Docker Compose 2's reader of env files: compose-go v2.13.0, `dotenv/parser.go` and `template/template.go`, in Python.

Everything is done on bytes where Go works on bytes, and on code points where it ranges over runes. The environment is
empty, so a variable is found only if the file has set it earlier.
"""

import re
import unicodedata
from pathlib import Path

_ESCAPES = re.compile(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_EXPORT = re.compile(r"export[\t\n\f\r ]+")
# isSpace of the parser, and unicode.IsSpace of Go, which differs from Python's str.isspace in U+001C–1F.
_BLANKS = "\t\v\f\r \x85\xa0"
_SPACES = _BLANKS + "\n\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
# Go's `(?i:[a-z])`: its case folding adds U+017F and U+212A, Python's two more. `.` stops only at a line feed in both.
_LETTER = "a-zA-Z\u017f\u212a"
_VARIABLE = re.compile(
    rf"\$(?:(?P<escaped>\$)|(?P<named>[_{_LETTER}][_0-9{_LETTER}]*)"
    rf"|\{{(?:(?P<braced>[_{_LETTER}][_0-9{_LETTER}]*(?::?[-+?](.*))?)\}}|(?P<invalid>)))"
)


class Invalid(Exception):
    """What Compose 2 would refuse the whole file for."""


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    found = parse(path.read_bytes().decode())
    return {name: value.encode() for name, value in found.items()}


def parse(text: str) -> dict[str, str]:
    """`parser.parse`, behind `ParseWithLookup`, which takes off a byte order mark."""
    text = text.removeprefix("\ufeff")
    found: dict[str, str] = {}
    place = 0
    while (place := _statement_start(text, place)) < len(text):
        name, place, inherited = _key_name(text, place)
        if " " in name:
            raise Invalid("key cannot contain a space")
        if not inherited:
            found[name], place = _value(text, place, found)
    return found


def _pass(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def _statement_start(text: str, place: int) -> int:
    """`getStatementStart`."""
    while (place := _pass(text, place, _SPACES)) < len(text) and text[place] == "#":
        place = text.find("\n", place)
        if place < 0:
            return len(text)
    return place


def _key_name(text: str, place: int) -> tuple[str, int, bool]:
    """`locateKeyName`."""
    if _EXPORT.match(text, place):
        place = _pass(text, place + len("export"), _BLANKS)
    start = place
    for end in range(start, len(text)):
        character = text[end]
        if character in _BLANKS or character in "_.-[]" or unicodedata.category(character)[0] in "LN":
            continue
        if character in "=:\n":
            return text[start:end].rstrip(_SPACES), _pass(text, end + 1, _BLANKS), character == "\n"
        raise Invalid("unexpected character in variable name")
    if start == len(text):
        raise Invalid("zero length string")
    # No terminator up to the end: Go goes on with an empty name and the text as its value.
    return "", _pass(text, start, _BLANKS), False


def _value(text: str, place: int, found: dict[str, str]) -> tuple[str, int]:
    """`extractVarValue`."""
    quote = text[place : place + 1]
    if quote not in ("'", '"'):
        end = text.find("\n", place)
        line, rest = (text[place:], len(text)) if end < 0 else (text[place:end], end + 1)
        return substitute(line.split(" #", 1)[0].rstrip(_SPACES), found), rest
    characters: list[str] = []
    is_escaped = False
    for index in range(place + 1, len(text)):
        character = text[index]
        if character != quote:
            if not is_escaped and character == "\\":
                is_escaped = True
                continue
            if is_escaped:
                is_escaped = False
                characters.append("\\")
            characters.append(character)
        elif is_escaped:
            is_escaped = False
            characters.append(character)
        else:
            value = "".join(characters)
            return substitute(_expand_escapes(value), found) if quote == '"' else value, index + 1
    raise Invalid("unterminated quoted value")


def _expand_escapes(text: str) -> str:
    """`expandEscapes`: what `strconv.UnquoteChar` does not know stays as it is."""
    simple = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}

    def replace(match: re.Match[str]) -> str:
        escape = match[0][1:]
        if escape == "$":
            return "$$"
        if escape.startswith("0"):
            octal = escape[1:]
            is_octal = len(octal) == 3 and set(octal) <= set("01234567") and int(octal, 8) <= 255
            return chr(int(octal, 8)) if is_octal else match[0]
        return simple.get(escape, match[0])

    return _ESCAPES.sub(replace, text)


def substitute(text: str, found: dict[str, str]) -> str:
    """`template.Substitute`."""
    result: list[str] = []
    # A match may reach further than the variable at its start. Go substitutes the rest of it by recursion, as a text
    # of its own; here the text around it waits on a stack.
    texts = [(text, 0)]
    while texts:
        text, place = texts.pop()
        match = _VARIABLE.search(text, place)
        if match is None:
            result.append(text[place:])
            continue
        result.append(text[place : match.start()])
        value, rest = _replacement(match[0], found)
        result.append(value)
        texts.append((text, match.end()))
        if rest:
            texts.append((rest, 0))
    return "".join(result)


def _replacement(text: str, found: dict[str, str]) -> tuple[str, str]:
    """`DefaultReplacementAppliedFunc`; the second is what is still to be substituted."""
    operator = _operator(text)
    end = _closing_brace(text)
    text, rest = (text, "") if end < 0 else (text[: end + 1], text[end + 1 :])
    match = _VARIABLE.search(text)
    if match is None:
        raise Invalid("invalid template")
    if match["escaped"]:
        return "$", ""
    if not match["named"] and not match["braced"]:
        raise Invalid("invalid template")
    if match["braced"] and operator in match["braced"]:
        return _apply(operator, match["braced"], found), rest
    return found.get(match["named"] or match["braced"], ""), ""


def _operator(text: str) -> str:
    """`getSubstitutionFunctionForTemplate`: the operator that comes first; `:?` where there is none."""
    operators = [operator for operator in (":?", "?", ":-", "-", ":+", "+") if operator in text]
    return min(operators, key=text.index, default=":?")


def _apply(operator: str, expression: str, found: dict[str, str]) -> str:
    """`withDefaultWhenAbsence`, `withDefaultWhenPresence` and `withRequired`."""
    name, operand = expression.split(operator, 1)
    value = found.get(name)
    has_value = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return substitute(operand, found) if has_value else value or ""
    if has_value:
        return value or ""
    if operator.endswith("-"):
        return substitute(operand, found)
    raise Invalid("required variable is missing")


def _closing_brace(text: str) -> int:
    """`getFirstBraceClosingIndex`, which passes over the character behind an opening brace."""
    depth = 0
    index = 0
    while index < len(text):
        if text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
        if text[index] == "{":
            depth += 1
            index += 1
        index += 1
    return -1

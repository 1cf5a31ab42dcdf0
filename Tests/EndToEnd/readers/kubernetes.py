"""What the API server makes of a Secret: YAML, then base64 in the fields of `data`."""

import base64
from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, names: list[str]) -> dict[str, bytes]:
    secret = yaml.load(path.read_bytes(), LOADER)
    assert (secret["apiVersion"], secret["kind"], secret["type"]) == ("v1", "Secret", "Opaque")
    return {name: base64.b64decode(value, validate=True) for name, value in secret["data"].items()}

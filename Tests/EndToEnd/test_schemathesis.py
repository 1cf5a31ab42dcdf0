"""The server does what `/openapi.json` says: schemathesis reads the one and tries everything on the other.

COFFER_SCHEMATHESIS_CASES asks for at least so many cases in all, other ones each time.
"""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CREDENTIALS = {"token": ("Authorization: Bearer {}", []), "API key": ("X-Api-Key: {}", ["--api-key"])}
CASES = int(os.environ.get("COFFER_SCHEMATHESIS_CASES", 0)) // len(CREDENTIALS)


@pytest.mark.parametrize("header, options", CREDENTIALS.values(), ids=CREDENTIALS)
def test_the_server_keeps_to_its_document(server, header, options):
    credential = server.vault.ok("token", "create", "--name", "schemathesis", *options).decode().strip()
    generated = 0
    while generated == 0 or generated < CASES:
        choices = (
            ["--max-examples", "300", "--seed", str(random.SystemRandom().randrange(2**32))] if CASES else
            ["--max-examples", "30", "--generation-deterministic"])
        done = subprocess.run(
            [
                SCHEMATHESIS, "run", f"{server.base}/openapi.json",
                "--header", header.format(credential), "--generation-with-security-parameters", "false",
                "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all",
                *choices, "--continue-on-failure", "--no-color",
            ],
            cwd=server.vault.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=3600,
        )
        assert done.returncode == 0, done.stdout
        generated += int(re.search(r"([\d,]+) generated", done.stdout)[1].replace(",", ""))
    print(f"schemathesis: {generated:,} cases, none failed")
    assert server.request("GET", "/api/v1/projects").json()["count"] > 0, "the credential was good for nothing"

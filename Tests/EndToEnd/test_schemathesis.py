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

from conftest import Vault, serve, stop

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CREDENTIALS = {"token": ("Authorization: Bearer {}", []), "API key": ("X-Api-Key: {}", ["--api-key"])}
CASES = int(os.environ.get("COFFER_SCHEMATHESIS_CASES", 0)) // len(CREDENTIALS)


def run_schemathesis(server, header, options, choices):
    """How many cases it made up, none of which failed."""
    credential = server.vault.ok("token", "create", "--name", "schemathesis", *options).decode().strip()
    done = subprocess.run(
        [
            SCHEMATHESIS, "run", f"{server.base}/openapi.json",
            "--header", header.format(credential), "--generation-with-security-parameters", "false",
            "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all",
            *choices, "--continue-on-failure", "--no-color",
        ],
        cwd=server.vault.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=1200,
    )
    assert done.returncode == 0, done.stdout
    assert server.request("GET", "/api/v1/projects").json()["count"] > 0, "the credential was good for nothing"
    return int(re.search(r"([\d,]+) generated", done.stdout)[1].replace(",", ""))


@pytest.mark.parametrize("header, options", CREDENTIALS.values(), ids=CREDENTIALS)
def test_the_server_keeps_to_its_document(tmp_path, header, options):
    generated = 0
    while generated == 0 or generated < CASES:
        seed = ["--seed", str(random.SystemRandom().randrange(2**32))] if CASES else ["--generation-deterministic"]
        folder = tmp_path / str(generated)
        folder.mkdir()
        # A server of its own each time: what the cases have created slows down the lists.
        server = serve(Vault(folder).init())
        try:
            generated += run_schemathesis(
                server, header, options, ["--max-examples", "100" if CASES else "30", *seed])
        finally:
            stop(server)
    print(f"schemathesis: {generated:,} cases, none failed")

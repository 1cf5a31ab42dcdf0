"""The server does what `/openapi.json` says: schemathesis reads the one and tries everything on the other."""

import subprocess
import sys
from pathlib import Path

import pytest

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@pytest.mark.parametrize(
    "header, options",
    [("Authorization: Bearer {}", []), ("X-Api-Key: {}", ["--api-key"])],
    ids=["token", "API key"],
)
def test_the_server_keeps_to_its_document(server, header, options):
    credential = server.vault.ok("token", "create", "--name", "schemathesis", *options).decode().strip()
    done = subprocess.run(
        [
            SCHEMATHESIS, "run", f"{server.base}/openapi.json",
            "--header", header.format(credential), "--generation-with-security-parameters", "false",
            "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all",
            "--max-examples", "30", "--generation-deterministic", "--continue-on-failure", "--no-color",
        ],
        cwd=server.vault.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=300,
    )
    assert done.returncode == 0, done.stdout
    assert server.request("GET", "/api/v1/projects").json()["count"] > 0, "the credential was good for nothing"

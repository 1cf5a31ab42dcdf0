"""Clients that mean no good press on a server: the others are still served."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from checks import verified
from writers import Client, serving

# Nothing here depends on how fast a machine is: this only tells a server that serves from one that does not.
PATIENCE = 20


@contextlib.contextmanager
def bad_clients(mode, base, number, token):
    """Bad clients at work; a dictionary that has what they did, afterwards."""
    at, did = urlsplit(base), {}
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("bad_clients.py"), mode, at.hostname, str(at.port), str(number)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        process.stdin.write(token + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        yield did
        did.update(json.loads(process.communicate("\n", timeout=60)[0]))
    finally:
        process.kill()
        process.wait()


def served(base, token, seconds, prefix):
    """How long each of a good client's requests took, in milliseconds, sorted: one after the other, each a success."""
    took, until, number, client = [], time.monotonic() + seconds, 0, None
    while time.monotonic() < until:
        # Newcomers are to get in as well as those who are there.
        if number % 20 == 0:
            client = Client(base, token)
        for request, status in ((("GET", "?limit=1"), 200),
                                (("POST", "", {"name": f"{prefix}_{number}", "value": "v"}), 201)):
            start = time.perf_counter()
            answer = client.ask(*request)
            took.append((time.perf_counter() - start) * 1000)
            assert answer[0] == status, f"{request[0]}: {answer}"
        number += 1
    return sorted(took)


def p99(took):
    return took[len(took) * 99 // 100]


def press(vault, amount, figures, mode, number):
    """Serves a good client alone, and among bad ones; gives what the bad ones did."""
    token = vault.ok("token", "create", "--name", "good").decode().strip()
    with serving(vault) as (process, base):
        alone = served(base, token, 1, "ALONE")
        with bad_clients(mode, base, number, token) as did:
            among = served(base, token, amount("pressure"), "AMONG")
        assert p99(among) < PATIENCE * 1000
        assert process.poll() is None
        # The bad ones are gone, and have left nothing that would keep anybody waiting.
        served(base, token, 0.2, "AFTER")
    names = {name for _, name in verified(vault)}
    assert len([name for name in names if name.startswith("AMONG_")]) == len(among) // 2
    figures(**did, **{f"good_requests_among_{mode}_ones": len(among), f"p99_ms_alone_before_{mode}": p99(alone),
                      f"p99_ms_among_{mode}": p99(among)})
    return did


def test_a_hundred_slow_connections_keep_nobody_out(vault, amount, figures):
    did = press(vault, amount, figures, "slow", 100)
    assert did["bytes_sent_slowly"] > 100, "nobody was slow"


def test_a_flood_of_bad_tokens_keeps_nobody_out(vault, amount, figures):
    did = press(vault, amount, figures, "flood", 10_000)
    assert did.get("bad_tokens_answered_401", 0) + did.get("bad_tokens_answered_429", 0) > 0, "nobody was refused"
    assert not [status for status in did if "answered_2" in status or "answered_5" in status]

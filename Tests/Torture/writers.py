"""Clients that write as fast as they can, each to secrets of its own, and know what was acknowledged."""

import contextlib
import http.client
import json
import subprocess
import threading
from urllib.parse import urlsplit

from end_to_end import PROGRAM, first_line

NAMES = 4


@contextlib.contextmanager
def serving(vault, env=None):
    """`coffer serve` on a free port, and where; killed in the end."""
    with (vault.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            start_new_session=True, env=vault.environment(**(env or {})))
    try:
        yield process, first_line(process).removeprefix("listening on ").strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Client:
    """One connection to a server."""

    def __init__(self, base, token):
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method, path="", body=None):
        """The status and the JSON of an answer."""
        self.connection.request(method, "/api/v1/secrets" + path, body and json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


class ServerWriter(threading.Thread):
    """Creates, changes and deletes secrets through a server, until it is gone."""

    def __init__(self, client, number, ids, ledger, choices):
        super().__init__()
        self.client, self.ledger, self.choices = client, ledger, choices
        self.names, self.ids, self.failure = [f"W{number}_{n}" for n in range(NAMES)], dict(ids), None

    def run(self):
        try:
            while True:
                self.write(self.choices.choice(self.names))
        except (OSError, http.client.HTTPException):
            pass  # the server is gone
        except BaseException as failure:
            self.failure = failure

    def write(self, name):
        state = self.ledger.known.get(name)
        if state is None:
            value, flag = f"{self.choices.getrandbits(64):x}" * self.choices.randint(1, 40), self.choices.random() < 0.5
            body = {"name": name, "value": value, "default_available": flag}
            self.change(name, (value, flag), 201, "POST", "", body)
        elif self.choices.random() < 0.6:
            flag = not state[1]
            self.change(name, (state[0], flag), 200, "PATCH", "/" + self.ids[name], {"default_available": flag})
        else:
            self.change(name, None, 200, "DELETE", "/" + self.ids[name])

    def change(self, name, state, expected, *request):
        changes = {name: state}
        self.ledger.begin(changes)
        status, answer = self.client.ask(*request)
        assert status == expected, f"{request[0]}: {status} {answer}"
        self.ids[name] = answer["id"]
        self.ledger.end(changes)


def commands(vault, number, ledger, choices):
    """A change at the command line: the arguments, the standard input, and what it does to which names."""
    names = [f"C{number}_{n}" for n in range(NAMES)]
    name, new = choices.choice(names), f"{choices.getrandbits(64):x}" * choices.randint(1, 40)
    state = ledger.known.get(name)
    absent = [n for n in names if ledger.known.get(n) is None]
    if choices.random() < 0.25:
        values = {n: f"{new}{n}" for n in names}
        after = {n: (v, ledger.known[n][1] if ledger.known.get(n) else False) for n, v in values.items()}
        return ["import", "-", "--format", "json", "--on-conflict", "replace"], json.dumps(values), after
    if state is None:
        return ["add", name], new, {name: (new, False)}
    what = choices.choice(["rotate", "update", "delete"] + ["rename"] * bool(absent))
    if what == "rotate":
        return ["rotate", name], new, {name: (new, state[1])}
    if what == "update":
        return ["update", name, "--default-available", str(not state[1]).lower()], "", {name: (state[0], not state[1])}
    if what == "rename":
        return ["update", name, "--rename", absent[0]], "", {name: None, absent[0]: state}
    return ["delete", name], "", {name: None}

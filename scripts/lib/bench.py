"""The measurements of scripts/bench. Every figure is a median; what is compared is run in turn, A B A B."""

import base64
import ctypes
import ctypes.util
import hashlib
import http.client as http_client
import itertools
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager, nullcontext
from pathlib import Path

PROGRAM = sys.argv[1]
WANTED = sys.argv[2:] or ["start", "reveal", "session", "run", "redaction", "files", "http", "pressure", "memory", "scale", "rekey"]
ROUNDS = 21
SECONDS = 3

POST = """
local body = '","value":"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}'
local number = 0
request = function()
    number = number + 1
    local name = "S" .. math.floor(wrk.start) .. "_" .. number
    return wrk.format("POST", "/api/v1/secrets", wrk.headers, '{"name":"' .. name .. body)
end
"""


class Bench:
    def __init__(self, folder):
        self.folder = Path(folder)
        passphrase = self.folder / "passphrase"
        passphrase.touch(0o600)
        passphrase.write_text("tiger umbrella velvet ladder\n")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("COFFER_")} | {
            "COFFER_PASSPHRASE_FILE": str(passphrase), "XDG_STATE_HOME": str(self.folder / "state")}

    def new_vault(self, name, cost=(2, 19)):
        """A vault with one secret, which the commands that follow use."""
        self.vault = self.folder / f"{name}.coffer"
        self.environment["COFFER_VAULT"] = str(self.vault)
        # The lowest cost that is accepted: a person's vault takes longer to open, by choice and by nothing else.
        self.coffer("init", "--kdf-passes", str(cost[0]), "--kdf-memory", str(cost[1]))
        self.coffer("add", "SECRET", input=b"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")

    @contextmanager
    def session(self):
        """An open session of the vault."""
        self.coffer("unlock")
        try:
            yield
        finally:
            self.coffer("lock")

    def coffer(self, *arguments, input=None):
        return subprocess.run(
            [PROGRAM, *arguments], input=input, check=True, capture_output=True, env=self.environment).stdout

    def once(self, *arguments):
        """One run of a command: how long it takes, in seconds, and its largest resident size in MiB."""
        # A child begins with the largest size that this process ever had, unless it is made to forget that (proc(5)).
        Path("/proc/self/clear_refs").write_text("5")
        start = time.perf_counter()
        process = subprocess.Popen(
            [PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        return time.perf_counter() - start, usage.ru_maxrss / 1024

    def milliseconds(self, command):
        """One run of a whole process, or of a function."""
        start = time.perf_counter()
        if callable(command):
            command()
            return (time.perf_counter() - start) * 1000
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        return (time.perf_counter() - start) * 1000

    def paired(self, commands, rounds=ROUNDS):
        """The median of each command, run in turn."""
        times = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(self.milliseconds(command))
        return {name: statistics.median(all) for name, all in times.items()}

    @contextmanager
    def server(self):
        with open(self.folder / "log", "wb") as log:
            server = subprocess.Popen(
                [PROGRAM, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=log, env=self.environment)
            try:
                base = server.stdout.readline().decode().removeprefix("listening on ").strip()
                yield base, server.pid
            finally:
                server.terminate()
                server.wait()

    def token(self, name):
        return self.coffer("token", "create", "--name", name).decode().strip()


def row(name, value, note=""):
    print(f"{name:<44} {value:>14}   {note}")


def start(bench):
    row("coffer --version", f"{bench.paired({'it': [PROGRAM, '--version']})['it']:.1f} ms", "to reach: 8 ms")
    row("/bin/true, for the price of a process", f"{bench.paired({'it': ['/bin/true']})['it']:.1f} ms")


# The same row as stored: what a program pays that only reads it.
QUERY = "SELECT hex(sealed_value) FROM secrets LIMIT 1"


def reveal(bench):
    times = bench.paired({
        "coffer reveal": [PROGRAM, "reveal", "SECRET"],
        "sqlite3": ["sqlite3", str(bench.vault), QUERY],
        "kdf": kdf,
    })
    cost = times["kdf"]
    row("coffer reveal, lowest KDF", f"{times['coffer reveal']:.1f} ms")
    row("Argon2id 19 MiB, 2 passes, alone", f"{cost:.1f} ms")
    row("coffer reveal, less the KDF", f"{times['coffer reveal'] - cost:.1f} ms",
        f"{(times['coffer reveal'] - cost) / times['sqlite3']:.1f} times sqlite3")
    row("sqlite3 reading the same row", f"{times['sqlite3']:.1f} ms")


SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
SODIUM.sodium_init()
KEY = ctypes.create_string_buffer(32)


def kdf(passes=2, mebibytes=19):
    """What libsodium alone does for a cost, the lowest if not said otherwise, in this process."""
    SODIUM.crypto_pwhash(
        KEY, ctypes.c_ulonglong(32), b"passphrase", ctypes.c_ulonglong(10), b"0123456789abcdef",
        ctypes.c_ulonglong(passes), ctypes.c_size_t(mebibytes << 20), 2)


def session(bench):
    """What a command takes that finds the key in the keyring, and what it takes to put it there."""
    with bench.session():
        times = bench.paired({
            "coffer": [PROGRAM, "reveal", "SECRET"],
            "sqlite3": ["sqlite3", str(bench.vault), QUERY],
        }, rounds=2 * ROUNDS)
    row("coffer reveal, with a session", f"{times['coffer']:.1f} ms",
        f"{times['coffer'] / times['sqlite3']:.1f} times sqlite3, to reach: 2.5")
    row("sqlite3 reading the same row", f"{times['sqlite3']:.1f} ms")
    bench.new_vault("default", cost=(3, 256))
    times = bench.paired({"unlock": [PROGRAM, "unlock"], "kdf": lambda: kdf(3, 256)}, rounds=ROUNDS)
    bench.coffer("lock")
    row("coffer unlock, default KDF", f"{times['unlock']:.0f} ms",
        f"{times['unlock'] / times['kdf']:.3f} times the KDF alone, to reach: 1.05")


def value(number):
    """A value of 40 characters, another for each number."""
    return "ghp_" + hashlib.sha256(str(number).encode()).hexdigest()[:36]


def run(bench):
    """A task with 20 secrets, beside `env` with the same 20 variables."""
    names = {f"SECRET_{number}": value(number) for number in range(20)}
    bench.coffer("import", "--default-available", "-", input=json.dumps(names).encode())
    commands = {
        "env": ["env", *(f"{name}={value}" for name, value in names.items()), "/bin/true"],
        "run": [PROGRAM, "run", "--", "/bin/true"],
        "run --no-redact": [PROGRAM, "run", "--no-redact", "--", "/bin/true"],
    }
    with bench.session():
        times = bench.paired(commands)
    row("env with 20 variables", f"{times['env']:.1f} ms")
    for name, mark in (("run", 8), ("run --no-redact", 5)):
        more = times[name] - times["env"]
        row(f"coffer {name}, 20 secrets, with a session", f"{times[name]:.1f} ms")
        row("    over env", f"{more:.1f} ms", f"to reach: {mark} ms")


def redaction(bench):
    """What passes through `run` in a second, with 20 secrets in all forms, and what it takes of memory."""
    size = 1 << 30
    words = b" ".join(b"%08x" % (number * 2654435761 % 2**32) for number in range(1 << 17))
    streams = {
        "log lines": b"2026-01-01T00:00:00Z INFO request served in 12 ms, status 200, path /api/v1/secrets\n" * 12_000,
        "hex words": words,
        "base64": base64.b64encode(hashlib.shake_256(b"bench").digest(750_000)),
    }
    for name, block in streams.items():
        file = bench.folder / "block"
        file.write_bytes(block)
        # Both sides read and write through pipes, so what is measured is the part between them.
        feed = f"i=0; while [ $i -lt {size // len(block)} ]; do cat {file}; i=$((i+1)); done"
        rates, plain = [], []
        for _ in range(3):
            plain.append(size / seconds(f"sh -c '{feed}' | cat >/dev/null", bench))
            rates.append(size / seconds(f"{PROGRAM} run -- sh -c '{feed}' | cat >/dev/null", bench))
        row(f"redaction, 20 secrets, {name}", f"{statistics.median(rates) / 1e6:,.0f} MB/s",
            f"to reach: 300 MB/s; a pipe alone {statistics.median(plain) / 1e6:,.0f} MB/s")
    peaks = [peak(bench, f"head -c {size} /dev/zero", name) for name, size in (("1 MB", 10**6), ("2 GB", 2 * 10**9))]
    row("resident at most, 1 MB and 2 GB redacted", f"{peaks[0]:.1f}, {peaks[1]:.1f} MiB", "to be flat")


def seconds(line, bench):
    start = time.perf_counter()
    subprocess.run(["sh", "-c", line], check=True, env=bench.environment)
    return time.perf_counter() - start


def peak(bench, line, _):
    """The largest resident size of `run` itself, in MiB."""
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(
            [PROGRAM, "run", "--", "sh", "-c", line], stdout=nothing, env=bench.environment)
        largest = 0
        while process.poll() is None:
            match = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
            largest = max(largest, int(match[1])) if match else largest
            time.sleep(0.002)
    return largest / 1024


def files(bench):
    """Import and export of 10,000 secrets."""
    source = bench.folder / "secrets.json"
    source.write_text(json.dumps({f"S{number}": value(number) for number in range(10_000)}))
    commands = {
        "import": ["import", str(source)],
        "export": ["export", "--all", "--format", "json", "-o", str(bench.folder / "out.json")],
    }
    spent, memory = {name: [] for name in commands}, {name: 0 for name in commands}
    for turn in range(5):
        bench.new_vault(f"files-{turn}")
        cost = bench.milliseconds(kdf)
        for name, command in commands.items():
            seconds, size = bench.once(*command)
            spent[name].append(seconds - cost / 1000)
            memory[name] = max(memory[name], size)
    for name in commands:
        row(f"{name} of 10,000 secrets, less the KDF", f"{statistics.median(spent[name]):.2f} s",
            f"{memory[name]:.1f} MiB; to reach: 0.3 s, 60 MiB")


def wrk(base, path, connections, token=None, script=None):
    """Requests a second, and the 99th percentile in milliseconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    if script:
        command += ["-H", "Content-Type: application/json", "-s", script]
    output = subprocess.run([*command, base + path], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output, output
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def sqlite_commits():
    """Durable single-row commits a second of SQLite alone, through Python's module."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        database = sqlite3.connect(f"{folder}/yardstick", isolation_level=None)
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a BLOB)")
        count, start = 0, time.perf_counter()
        while time.perf_counter() < start + SECONDS / 3:
            database.execute("INSERT INTO t VALUES (?)", (b"x" * 400,))
            count += 1
        rate = count / (time.perf_counter() - start)
        database.close()
    return rate


def http(bench):
    script = bench.folder / "post.lua"
    with bench.server() as (base, _):
        token = bench.token("http")
        id = json.loads(bench.coffer("show", "SECRET", "--json"))["id"]
        for connections in (1, 16):
            rounds = {"/healthz": [], "GET": [], "POST": []}
            alone = []
            for number in range(5):
                script.write_text(POST.replace("wrk.start", f"{connections}0{number}"))
                rounds["/healthz"].append(wrk(base, "/healthz", connections))
                rounds["GET"].append(wrk(base, f"/api/v1/secrets/{id}", connections, token))
                rounds["POST"].append(wrk(base, "/api/v1/secrets", connections, token, str(script)))
                alone.append(sqlite_commits())
            health = statistics.median(get[0] / health[0] for get, health in zip(rounds["GET"], rounds["/healthz"]))
            commits = statistics.median(post[0] / rate for post, rate in zip(rounds["POST"], alone))
            notes = {"/healthz": "", "GET": f"{health:.0%} of /healthz, to reach: 60%",
                     "POST": f"{commits:.0%} of SQLite alone, to reach: {'60%' if connections == 1 else '100%, 10 ms'}"}
            for name, all in rounds.items():
                rate, p99 = (statistics.median(column) for column in zip(*all))
                row(f"{name}, {connections} connection{'s'[:connections > 1]}", f"{rate:,.0f}/s", f"p99 {p99:.1f} ms  {notes[name]}")
            row("SQLite alone, durable single rows", f"{statistics.median(alone):,.0f}/s")


@contextmanager
def background(step, seconds):
    """Runs `step` every so many seconds meanwhile."""
    over = threading.Event()

    def run():
        due = time.monotonic()
        while not over.is_set():
            step()
            due = max(due + seconds, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def slow_senders(where, count=100):
    """Connections that send a byte a second; each that the server ends is opened again."""
    senders = [(None, b"")] * count

    def step():
        for index, (connection, left) in enumerate(senders):
            try:
                connection.send(left[:1])
                senders[index] = (connection, left[1:])
            except (AttributeError, OSError):
                connection and connection.close()
                senders[index] = (socket.create_connection(where), b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ".ljust(999))

    with background(step, 1):
        yield "100 of them"
    for connection, _ in senders:
        connection and connection.close()


@contextmanager
def bad_tokens(where, rate=10_000, count=100):
    """So many requests with a bad token a second, over a few connections, without waiting for answers."""
    connections = [socket.create_connection(where) for _ in range(count)]
    for connection in connections:
        connection.setblocking(False)
    head = "GET /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
    turns, sent, began = itertools.cycle(range(count)), [0], time.monotonic()

    def step():
        for _ in range(10):
            index = next(turns)
            batch = "".join(f"{head}{sent[0]}.{n}.bad\r\n\r\n" for n in range(rate // 1000)).encode()
            try:
                connections[index].send(batch)
                sent[0] += rate // 1000
            except BlockingIOError:
                pass
            except OSError:
                connections[index].close()
                connections[index] = socket.create_connection(where)
                connections[index].setblocking(False)

    with background(step, 0.01):
        yield lambda: f"{sent[0] / (time.monotonic() - began):,.0f} sent a second"
    for connection in connections:
        connection.close()


def pressure(bench):
    """A client with a token, one request at a time, while others do their worst."""
    id = json.loads(bench.coffer("show", "SECRET", "--json"))["id"]
    with bench.server() as (base, _):
        token = bench.token("pressure")
        where = (urllib.parse.urlsplit(base).hostname, urllib.parse.urlsplit(base).port)
        for name, others in (
            ("GET, 1 connection, alone", nullcontext),
            ("GET, 100 connections of a byte a second", lambda: slow_senders(where)),
            ("GET, 10,000 bad tokens a second", lambda: bad_tokens(where)),
        ):
            with others() as note:
                time.sleep(1)
                rounds = [wrk(base, f"/api/v1/secrets/{id}", 1, token) for _ in range(5)]
                rate, p99 = (statistics.median(column) for column in zip(*rounds))
                row(name, f"{rate:,.0f}/s", f"p99 {p99:.1f} ms  {note() if callable(note) else note or ''}")


def memory(bench):
    with bench.server() as (base, pid):
        token = bench.token("memory")
        for number in range(10_000):
            body = json.dumps({"name": f"M{number}", "value": "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}).encode()
            request = urllib.request.Request(
                base + "/api/v1/secrets", body,
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, method="POST")
            urllib.request.urlopen(request).close()
        resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
        row("server after 10,000 secrets", f"{resident:.1f} MiB", "resident; to reach: 40 MiB")


def scale(bench):
    """What a vault of a million secrets costs beside one of a thousand."""
    times = {}
    for count in (1_000, 1_000_000):
        fill(bench, count)
        number = iter(range(10**9))
        times[count] = bench.paired({
            "create": lambda: bench.coffer("add", f"NEW_{next(number)}", input=b"value of a new secret"),
            "update": lambda: bench.coffer("update", "S500", "--default-available", "true"),
            "get by name": lambda: bench.coffer("reveal", "S500"),
        })
    for name in times[1_000]:
        few, many = times[1_000][name], times[1_000_000][name]
        row(f"{name}, 1,000,000 secrets", f"{many:.1f} ms", f"{many / few:.2f} times {few:.1f} ms at 1,000; to reach: 1.5")
    with bench.server() as (base, _):
        token = bench.token("scale")
        row("a page of 100", f"{page(base, token):.1f} ms", "to reach: 5 ms")
    size = sum(file.stat().st_size for file in bench.folder.glob(bench.vault.name + "*"))
    row("the file", f"{size / 1_000_021:.0f} B", "a secret; to reach: 700")
    spent, memory = long(bench, "verify", derivations=1)
    row("verify", f"{spent:.1f} s", f"{memory:.0f} MiB; to reach: 10 s, 100 MiB")


def fill(bench, count):
    """A vault of `count` secrets of 40 characters, imported 100,000 at a time."""
    bench.new_vault(f"scale-{count}")
    for start in range(0, count, 100_000):
        names = {f"S{number}": value(number) for number in range(start, min(start + 100_000, count))}
        bench.coffer("import", "--format", "json", "-", input=json.dumps(names).encode())


def page(base, token):
    """The median of a page of 100 somewhere in the list, in milliseconds, over one connection."""
    connection = http_client.HTTPConnection(base.removeprefix("http://"))
    times, cursor = [], ""
    for _ in range(ROUNDS):
        start = time.perf_counter()
        connection.request("GET", f"/api/v1/secrets?limit=100{cursor}", headers={"Authorization": f"Bearer {token}"})
        body = connection.getresponse().read()
        times.append((time.perf_counter() - start) * 1000)
        cursor = f"&cursor={json.loads(body)['next_cursor']}"
    connection.close()
    return statistics.median(times)


def rekey(bench):
    """New keys for a hundred thousand secrets."""
    fill(bench, 100_000)
    # The key is derived to open the vault, and for the new slot.
    spent, memory = long(bench, "rekey", derivations=2)
    row("rekey, 100,000 secrets", f"{100_000 / spent:,.0f} /s", f"{memory:.0f} MiB; to reach: 50,000/s")


def long(bench, command, derivations):
    """How long a command takes, less the KDF, in seconds, and its largest resident size in MiB."""
    spent, memory = [], 0
    for _ in range(3):
        cost = derivations * bench.milliseconds(kdf) / 1000
        seconds, size = bench.once(command)
        spent.append(seconds - cost)
        memory = max(memory, size)
    return statistics.median(spent), memory


with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
    print(f"{os.cpu_count()} processors; medians of {ROUNDS} paired runs, of 5 for requests\n")
    bench = Bench(folder)
    for name in WANTED:
        bench.new_vault(name)
        {
            "start": start, "reveal": reveal, "session": session, "run": run, "redaction": redaction, "files": files,
            "http": http, "pressure": pressure, "memory": memory, "scale": scale, "rekey": rekey,
        }[name](bench)

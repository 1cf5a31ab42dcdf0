"""Clients that mean no good, as a process of their own, until a second line comes on standard input; the first has a
good token. Prints what they did as JSON.

    python bad_clients.py slow HOST PORT CONNECTIONS    each sends a byte a second
    python bad_clients.py flood HOST PORT RATE          a bad token with each request, so many a second if they are taken
"""

import contextlib
import json
import re
import select
import socket
import sys
import time
from collections import Counter

MODE, HOST, PORT, NUMBER = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
CONNECTIONS, IN_FLIGHT = 16, 16
REQUEST = (b"GET /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
           b"eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ%08d\r\n\r\n")
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


def ended():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def slow():
    """Half of them never end their headers, half never their bodies, which the token has the server wait for."""
    token = sys.stdin.readline().strip().encode()
    heads = [b"GET /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 10_000,
             b"POST /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
             b"Authorization: Bearer " + token + b"\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9_000]
    # The second kind has its headers out at once: only its body is slow.
    sent = [0 if n % 2 == 0 else heads[1].index(b"\r\n\r\n") + 4 for n in range(NUMBER)]
    sockets = [socket.create_connection((HOST, PORT), timeout=30) for _ in range(NUMBER)]
    for n, connection in enumerate(sockets):
        connection.sendall(heads[n % 2][:sent[n]])
    total, closed = 0, set()
    print("ready", flush=True)
    while not ended():
        for n, connection in enumerate(sockets):
            if n in closed:
                continue
            try:
                connection.sendall(heads[n % 2][sent[n]:sent[n] + 1])
                sent[n] += 1
                total += 1
            except OSError:
                closed.add(n)
        time.sleep(1)
    return {"slow_connections": NUMBER, "bytes_sent_slowly": total, "slow_connections_closed": len(closed)}


class Flooder:
    """One connection, with some requests on their way at a time: pipelined, so that little time goes into sending."""

    def __init__(self):
        self.socket = socket.create_connection((HOST, PORT), timeout=30)
        self.socket.setblocking(False)
        self.outgoing, self.unanswered, self.carried = b"", 0, b""

    def fileno(self):
        return self.socket.fileno()

    def send(self, number):
        """Sends a request more, if there are not too many already. Whether it did."""
        if self.unanswered < IN_FLIGHT:
            self.unanswered += 1
            self.outgoing += REQUEST % number
            return True
        return False

    def flush(self):
        with contextlib.suppress(BlockingIOError):
            self.outgoing = self.outgoing[self.socket.send(self.outgoing):] if self.outgoing else b""

    def answers(self):
        """The statuses that have come. Throws `OSError` when the server has closed the connection."""
        data, last = self.socket.recv(1 << 20), 0
        if not data:
            raise ConnectionResetError
        data = self.carried + data
        for status in STATUS.finditer(data):
            last = status.end()
            self.unanswered -= 1
            yield status[1].decode()
        # What may be the beginning of a status line, which has 12 bytes.
        self.carried = data[last:][-11:]


def flood():
    """Requests with a bad token each, another one each time."""
    sys.stdin.readline()
    flooders, sent, answered, closed = [Flooder() for _ in range(CONNECTIONS)], 0, Counter(), 0
    print("ready", flush=True)
    start = time.monotonic()
    while not ended():
        due = int((time.monotonic() - start) * NUMBER) - sent
        ready, _, _ = select.select(flooders, [], [], 0.002)
        for n, flooder in enumerate(flooders):
            try:
                if flooder in ready:
                    answered.update(flooder.answers())
                while due > 0 and flooder.send(sent):
                    due, sent = due - 1, sent + 1
                flooder.flush()
            except OSError:
                flooder.socket.close()
                closed += 1
                flooders[n] = Flooder()
    return {"bad_tokens_sent": sent, "bad_tokens_sent_a_second": sent / (time.monotonic() - start),
            "floods_cut_off": closed,
            **{f"bad_tokens_answered_{status}": count for status, count in sorted(answered.items())}}


print(json.dumps({"slow": slow, "flood": flood}[MODE]()), flush=True)

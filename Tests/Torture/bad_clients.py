"""Clients that mean no good, as a process of their own: until standard input ends. Prints what they did as JSON.

    python bad_clients.py slow HOST PORT CONNECTIONS    each sends a byte a second
    python bad_clients.py flood HOST PORT RATE          so many requests a second with a bad token each, or as many as go
"""

import json
import re
import select
import selectors
import socket
import sys
import time

MODE, HOST, PORT, NUMBER = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
CONNECTIONS = 8
STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


def ended():
    return bool(select.select([sys.stdin], [], [], 0)[0])


def slow():
    """Half of them never end their headers, half never their bodies."""
    heads = [b"GET /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 10_000,
             b"POST /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
             b"Content-Length: 9000\r\n\r\n" + b"x" * 9_000]
    # The second kind has its headers out at once: only its body is slow.
    sent = [0 if n % 2 == 0 else heads[1].index(b"\r\n\r\n") + 4 for n in range(NUMBER)]
    sockets = [socket.create_connection((HOST, PORT), timeout=10) for _ in range(NUMBER)]
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
    return {"slow_connections": NUMBER, "bytes_sent_slowly": total, "slow_connections_closed_by_the_server": len(closed)}


def flood():
    """Pipelined, so that little of the machine's time goes into sending."""
    request = (b"GET /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
               b"eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ%08d\r\n\r\n")
    selector, connections, sent, answers, carried = selectors.DefaultSelector(), [], 0, {}, {}

    def connect():
        connection = socket.create_connection((HOST, PORT), timeout=10)
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
        connections.append(connection)
        carried[connection] = b""

    def drop(connection):
        selector.unregister(connection)
        connections.remove(connection)
        connection.close()
        connect()

    for _ in range(CONNECTIONS):
        connect()
    waiting = {}
    print("ready", flush=True)
    start = time.monotonic()
    while not ended():
        due = min(int((time.monotonic() - start) * NUMBER) - sent, 400)
        for connection in list(connections):
            try:
                if connection not in waiting and due > 0:
                    count = -(-due // CONNECTIONS)
                    waiting[connection] = b"".join(request % (sent + n) for n in range(count))
                    sent += count
                if connection in waiting:
                    left = waiting[connection][connection.send(waiting[connection]):]
                    waiting[connection] = left
                    if not left:
                        del waiting[connection]
            except BlockingIOError:
                pass
            except OSError:
                waiting.pop(connection, None)
                drop(connection)
        for key, _ in selector.select(0.002):
            try:
                data = key.fileobj.recv(1 << 20)
            except OSError:
                data = b""
            if not data:
                waiting.pop(key.fileobj, None)
                drop(key.fileobj)
                continue
            data, last = carried[key.fileobj] + data, 0
            for status in STATUS.finditer(data):
                last = status.end()
                answers[status[1].decode()] = answers.get(status[1].decode(), 0) + 1
            # What may be the beginning of a status line, which has 12 bytes.
            carried[key.fileobj] = data[last:][-11:]
    seconds = time.monotonic() - start
    return {"bad_tokens_sent": sent, "bad_tokens_a_second": sent / seconds,
            **{f"bad_tokens_answered_{status}": count for status, count in sorted(answers.items())}}


print(json.dumps({"slow": slow, "flood": flood}[MODE]()), flush=True)

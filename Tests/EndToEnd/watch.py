"""Looks through the command lines and environments of all processes there are, again and again."""

import base64
import secrets
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path


def forms(secret):
    """The secret as it is, and as text that holds it."""
    return [secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"="), base64.urlsafe_b64encode(secret).rstrip(b"=")]


def own_passphrase():
    """A passphrase that no other test has, whose processes are looked at too."""
    return f"several words and {secrets.token_hex(8)}"


class Watch:
    def __init__(self, watched):
        self.needles = [form for secret in watched for form in forms(secret)]
        self.found = set()
        self.rounds = 0
        self.seen = set()
        # What all that was looked at said, for secrets that come about meanwhile.
        self.texts = set()

    def look(self):
        for process in Path("/proc").glob("[0-9]*"):
            for name in ("cmdline", "environ"):
                try:
                    text = (process / name).read_bytes()
                except OSError:
                    continue  # It has ended, or is not ours to look at.
                if name == "cmdline":
                    self.seen.add(text.split(b"\0")[0].rsplit(b"/")[-1])
                self.texts.add(text)
                self.found |= {(name, text) for needle in self.needles if needle in text}
        self.rounds += 1


@contextmanager
def watching(*watched):
    """Watches for `watched`, bytes each, meanwhile, and fails when one was seen, or if a planted one is not."""
    watch, over = Watch(watched), threading.Event()

    def run():
        while not over.is_set():
            watch.look()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
    assert watch.rounds > 0
    # In assertions the secret itself is not shown.
    places = {name for name, _ in watch.found}
    assert not places, f"a secret stood in {places} of a process"
    text = forms(watched[0])[1]
    for place, needle, more in [("cmdline", text, {}), ("environ", b"x", {"env": {b"PLANTED": text}})]:
        control, end = Watch(watched), time.monotonic() + 60
        with subprocess.Popen([b"sh", b"-c", b"read _", needle], stdin=subprocess.PIPE, **more) as planted:
            # A program that has just taken another's place shows neither for a moment.
            while place not in {name for name, _ in control.found} and time.monotonic() < end:
                control.look()
            planted.communicate(b"\n")
        assert {name for name, _ in control.found} == {place}

"""When to kill a command: at moments spread over all that it does, however busy the machine is."""

import threading


class Moments:
    """Finds, as commands are run, the time in which about half of them come to their end.

    A time measured beforehand would be another one under load, and then none of them would end, or all.
    """

    STEP = 1.5  # what the time grows by with each kill, and shrinks by with each end

    def __init__(self, seconds):
        self.middle = seconds
        self.killed = self.ended = 0
        self._lock = threading.Lock()

    def run(self, vault, arguments, choices, input=b""):
        """Runs a command and kills it, unless it ends before. Whether it ended, which it does with success."""
        process = vault.start(*arguments)
        timer = threading.Timer(choices.uniform(0, 2) * self.middle, process.kill)
        timer.start()
        try:
            _, complaint = process.communicate(input, timeout=300)
        finally:
            timer.cancel()
        assert process.returncode in (0, -9), complaint.decode()
        ended = process.returncode == 0
        with self._lock:
            self.ended += ended
            self.killed += not ended
            self.middle *= 1 / self.STEP if ended else self.STEP
        return ended

    def are_enough(self, number):
        """Whether this many have been killed, and some came to their end."""
        return self.killed >= number and self.ended > 0

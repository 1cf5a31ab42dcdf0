"""What writers know of their secrets when their program is killed: what was acknowledged, and what was under way."""

import threading


class Ledger:
    """The state of each secret, by name: any value that can be compared, None where there is none."""

    def __init__(self):
        self.known, self.under_way, self.acknowledged = {}, [], 0
        self.lock = threading.Lock()

    def begin(self, changes):
        """Changes, by name, that are about to be asked for as one."""
        with self.lock:
            self.under_way.append(changes)

    def end(self, changes):
        """They were acknowledged."""
        with self.lock:
            self.under_way.remove(changes)
            self.known.update(changes)
            self.acknowledged += 1

    def settle(self, found):
        """Fails unless `found` is what was acknowledged, with each change under way either wholly done or not at all.

        Gives how many of these were done.
        """
        expected, done = {name: state for name, state in self.known.items() if state is not None}, 0
        for changes in self.under_way:
            arrived = {name: found.get(name) == state != self.known.get(name) for name, state in changes.items()
                       if state != self.known.get(name)}
            assert len(set(arrived.values())) <= 1, f"half of a change arrived: {sorted(changes)}"
            if any(arrived.values()):
                done += 1
                expected.update({name: state for name, state in changes.items() if state is not None})
                for name in [name for name, state in changes.items() if state is None]:
                    expected.pop(name, None)
        lost = sorted(name for name in expected if name not in found)
        assert not lost, f"acknowledged, and not there: {lost}"
        assert not [name for name in found if name not in expected], "there, and never asked for"
        wrong = sorted(name for name in expected if found[name] != expected[name])
        assert not wrong, f"not as acknowledged: {wrong}"
        self.known, self.under_way = dict(found), []
        return done

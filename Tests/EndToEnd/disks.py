"""What the tests share that need a disk of their own: one that gets full, and one that fails."""

import contextlib
import os
import subprocess

import pytest

from conftest import Vault


@contextlib.contextmanager
def mounted(place, kibibytes):
    """An empty disk of that size at `place`."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "coffer-tests", place], capture_output=True)
    if done.returncode != 0:
        pytest.skip("no disk can be mounted: " + done.stderr.decode().strip())
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def disk(tmp_path):
    """A disk of 512 KiB with a vault on it."""
    with mounted(tmp_path / "data", 512):
        vault = Vault(tmp_path).init()
        vault.ok("add", "NAME", input="value")
        yield vault


def fill(folder, room=0):
    """Fills a disk but for so many KiB, and gives the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    os.truncate(filler, filler.stat().st_size - room * 1024)
    return filler


@pytest.fixture
def failing_disk(tmp_path):
    """A disk with a vault on it, and what turns it read-only at once, as a kernel does whose disk fails."""
    image, place = tmp_path / "image", tmp_path / "data"
    with image.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    place.mkdir()
    done = subprocess.run(["mount", "-o", "loop", image, place], capture_output=True)
    if done.returncode != 0:
        pytest.skip("no disk can be mounted: " + done.stderr.decode().strip())
    try:
        vault = Vault(tmp_path)
        vault.path = place / "vault" / "vault.coffer"
        vault.init()
        yield vault, lambda: subprocess.run(["mount", "-o", "remount,abort", place], check=True)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)

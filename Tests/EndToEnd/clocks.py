"""What the tests share that need another time: a program's clock, set ahead or back."""

import subprocess

import pytest

CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

time_t time(time_t *result) {
    time_t (*original)(time_t *) = (time_t (*)(time_t *))dlsym(RTLD_NEXT, "time");
    time_t now = original(0) + atol(getenv("TESTS_SECONDS_AHEAD"));
    if (result) *result = now;
    return now;
}
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """The environment of a program whose clock is so many days ahead."""
    folder = tmp_path_factory.mktemp("clock")
    (folder / "clock.c").write_text(CLOCK)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", folder / "clock.so", folder / "clock.c", "-ldl"], check=True)
    return lambda days: {"LD_PRELOAD": str(folder / "clock.so"), "TESTS_SECONDS_AHEAD": str(int(days * 86_400))}

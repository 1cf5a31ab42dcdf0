"""What the torture tests share with the end-to-end tests; how much of each there is, its seed, and the figures."""

import importlib.util
import os
import random
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import pytest

END_TO_END = Path(__file__).resolve().parents[1] / "EndToEnd"
sys.path.insert(0, str(END_TO_END))
# Under a name of its own, because this file is pytest's `conftest` here.
_specification = importlib.util.spec_from_file_location("end_to_end", END_TO_END / "conftest.py")
end_to_end = sys.modules["end_to_end"] = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(end_to_end)

empty, vault = end_to_end.empty, end_to_end.vault
pytest.register_assert_rewrite("checks", "ledger")

# How much of each, in the short form and in the long one.
AMOUNTS = {
    "kill": (24, 1000),  # rounds
    "faults": (3, 500),  # calls of each operation, each kind of fault at each of them; in the short form, a sample
    "keys": (3, 200),  # rounds of each, a change of passphrase and a rekey
    "flips": (80, 4_000),  # bytes; FlipTests has all there are
    "writers": (5, 60),  # seconds
    "pressure": (3, 30),  # seconds
}


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="the long form of everything")
    parser.addoption(
        "--amount", action="append", default=[], metavar="NAME=N", help="how much of " + ", ".join(AMOUNTS))
    parser.addoption("--seed", help="what all random choices come from")


def pytest_configure(config):
    # By the environment, so that the workers of pytest-xdist have the same.
    given = config.getoption("seed") or os.environ.get("COFFER_TORTURE_SEED") or random.SystemRandom().randrange(10**9)
    os.environ["COFFER_TORTURE_SEED"] = str(given)


def pytest_report_header(config):
    return f"torture: --seed {os.environ['COFFER_TORTURE_SEED']}" + (", long" if config.getoption("long") else "")


@pytest.fixture
def amount(request):
    """How much there is to be of what `AMOUNTS` names."""
    given = dict(pair.split("=") for pair in request.config.getoption("amount"))
    return lambda name: int(given.get(name, AMOUNTS[name][request.config.getoption("long")]))


@pytest.fixture
def choices(request):
    """The random choices of one test: the same for the same seed, whatever other tests run."""
    return random.Random(f"{os.environ['COFFER_TORTURE_SEED']} {request.node.name}")


@pytest.fixture
def copies(template, tmp_path):
    """Makes the vault anew, each time as the module's template is."""
    def copy():
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        return end_to_end.Vault(folder)
    return copy


@pytest.fixture
def figures(record_property):
    """Takes figures for the summary: whole numbers are added up over a step's tests, of others the highest counts."""

    def take(**numbers):
        for name, number in numbers.items():
            record_property(name, number)
    return take


def pytest_terminal_summary(terminalreporter):
    files = defaultdict(dict)
    for report in [r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, [])]:
        sums = files[Path(report.nodeid.split("::")[0]).stem.split("_")[1]]
        for name, number in report.user_properties:
            before = sums.get(name, 0)
            sums[name] = before + number if isinstance(number, int) else max(before, number)
    if not any(files.values()):
        return
    terminalreporter.section(f"figures, seed {os.environ['COFFER_TORTURE_SEED']}")
    for name, sums in files.items():
        for what, number in sums.items():
            shown = f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"
            terminalreporter.write_line(f"{name:<10} {what.replace('_', ' '):<40} {shown:>10}")

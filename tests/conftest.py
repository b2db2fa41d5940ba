"""What every test gets: no network, a way to the real data, and repeatable Hypothesis runs."""

from __future__ import annotations

import gc
import os
import sys
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]

# Deadlines fail tests on a busy machine; CI must give the same answer every time.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")

# Thousands of tests make many small objects; looking for cycles less often saves a tenth.
gc.set_threshold(100_000, 50, 50)

_TO_AN_ADDRESS = {"socket.bind", "socket.connect", "socket.sendmsg", "socket.sendto"}
_TO_A_NAME = {"socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname"}
_guard = {"on": False}


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "localhost"}:
        return True
    try:
        return ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    """Fail the test that reaches beyond this machine, whatever library it does so through."""
    if not _guard["on"] or not event.startswith("socket."):
        return
    if event in _TO_A_NAME:
        host = arguments[0]
    elif event in _TO_AN_ADDRESS and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_loopback(host):
        pytest.fail(f"A test reached for the network: {event} {host!r}.")


# The interpreter's own audit trail: no import, thread or C-level socket of Python goes round it.
sys.addaudithook(_refuse_the_network)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every socket and every look-up of a name that is not on the loopback."""
    _guard["on"] = True
    yield
    _guard["on"] = False


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real published data beside the project, or skip."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the real data, and ../shared/data is not here")
    return folder


def pytest_report_header() -> str:
    """Say what the suite runs on, since it runs on more than one pandas."""
    names = ("pandas", "numpy", "pandera")
    return "on " + ", ".join(f"{name} {version(name)}" for name in names)

"""What golden tests say of themselves: which page of the methods they check."""

from __future__ import annotations


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "method(*pages): pages of docs/methods whose method the golden test checks"
    )

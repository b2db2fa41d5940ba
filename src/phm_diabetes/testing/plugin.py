"""The pytest plug-in: expected failures with their reason, and a line for each adapter.

pytest imports it before any test, in every project that has this library installed; so it
imports nothing of the library itself.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from typing import Any

import pytest

__all__ = ["pytest_configure"]

_PROPERTY = "phm_diabetes adapter"
_OUTCOMES = {"passed": "kept", "failed": "broken", "xfailed": "broken by the publisher"}


def pytest_configure(config: pytest.Config) -> None:
    """Add what the contract needs to a run of pytest.

    Examples
    --------
    >>> pytest_configure.__module__  # the name of the plug-in too
    'phm_diabetes.testing.plugin'
    """
    config.pluginmanager.register(_Contracts(), "phm_diabetes contracts")


def _contract_of(item: pytest.Item) -> Any:  # noqa: ANN401 - a class of contracts, or nothing
    module = sys.modules.get("phm_diabetes.testing.contract")
    owner = getattr(item, "cls", None)
    if module is None or not isinstance(owner, type):
        return None
    return owner if issubclass(owner, module.AdapterContract) else None


class _Contracts:
    """Hooks, by the names that pytest gives them."""

    @staticmethod
    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        """Expect the failures that a contract lays at its publisher's door, strictly."""
        for item in items:
            owner = _contract_of(item)
            if owner is None:
                continue
            for law, reason in owner.xfails.items():
                if not callable(getattr(owner, law, None)) or not str(reason).strip():
                    message = (
                        f"{owner.__name__}.xfails: '{law}' is no law of the contract, or has no "
                        "reason. Write the name of the test, and what the publisher does wrong."
                    )
                    raise pytest.UsageError(message)
                if law == item.name:
                    raises = pytest.fail.Exception
                    item.add_marker(pytest.mark.xfail(reason=reason, strict=True, raises=raises))

    @staticmethod
    def pytest_runtest_call(item: pytest.Item) -> None:
        """Remember whose law a test is about."""
        case = getattr(item, "funcargs", {}).get("case")
        if case is not None and _contract_of(item) is not None:
            item.user_properties.append((_PROPERTY, case.adapter.name))

    @staticmethod
    def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own
        """Say for each adapter how many laws it keeps."""
        kept: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for outcome, words in _OUTCOMES.items():
            for report in terminalreporter.stats.get(outcome, []):
                for name, adapter in getattr(report, "user_properties", ()):
                    if name == _PROPERTY:
                        kept[adapter][words] += 1
        if kept:
            terminalreporter.section("adapters under contract")
        for adapter, counts in sorted(kept.items()):
            words = ", ".join(f"{number} {what}" for what, number in counts.items())
            terminalreporter.write_line(f"{adapter}: {sum(counts.values())} laws, {words}")

"""The kit with which anybody's adapter or detector proves itself.

Inherit :class:`AdapterContract` or :class:`DetectorContract` in a test file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phm_diabetes.testing.contract import AdapterContract
    from phm_diabetes.testing.detectors import DetectorContract

__all__ = ["AdapterContract", "DetectorContract"]

_HOME_OF = {"AdapterContract": "contract", "DetectorContract": "detectors"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import the kit when it is first asked for: pytest loads this package before any test."""
    if name not in _HOME_OF:
        message = f"module 'phm_diabetes.testing' has no attribute '{name}'"
        raise AttributeError(message)
    try:
        module = import_module(f"phm_diabetes.testing.{_HOME_OF[name]}")
    except ModuleNotFoundError as error:
        if error.name != "pytest":
            raise
        message = "The kit needs pytest: pip install 'phm-diabetes[testing]'."
        raise ImportError(message) from None
    return getattr(module, name)

"""Detectors: what every one of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.flags import Flags

__all__ = ["Detector"]


class Detector(Protocol):
    """A frozen callable that takes Estimates and returns Flags.

    Its settings are its attributes, ``str()`` says them in one line, and that line is the
    ``detector`` column. It changes nothing that it is given, and answers the same whatever the
    order of rows. :class:`phm_diabetes.testing.detectors.DetectorContract` tests all of this.

    Examples
    --------
    >>> from phm_diabetes.outliers import RobustZ
    >>> detector: Detector = RobustZ(threshold=3)
    >>> print(detector)
    RobustZ: 3 robust standard deviations from the median
    """

    def __call__(self, estimates: Any, /) -> DataFrame[Flags]:  # noqa: ANN401 - or Comparisons
        """Return the estimates, in their order, each with its flag."""
        ...

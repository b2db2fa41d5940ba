"""Detectors: frozen callables that take Estimates and return Flags, and what composes them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phm_diabetes.outliers.below_benchmark import BelowBenchmark
    from phm_diabetes.outliers.combining import all_of, any_of, at_least
    from phm_diabetes.outliers.composites import composite_score
    from phm_diabetes.outliers.cusum import Cusum
    from phm_diabetes.outliers.detectable_differences import detectable
    from phm_diabetes.outliers.detectors import Detector
    from phm_diabetes.outliers.false_discoveries import false_discovery
    from phm_diabetes.outliers.funnel import Funnel
    from phm_diabetes.outliers.narrowing import within
    from phm_diabetes.outliers.overdispersion import CQC, SHMI, Recipe
    from phm_diabetes.outliers.percentile import PercentileBand
    from phm_diabetes.outliers.persisting import persistent
    from phm_diabetes.outliers.reference_sets import ReferenceSet
    from phm_diabetes.outliers.reliability_table import reliability
    from phm_diabetes.outliers.robust import RobustZ
    from phm_diabetes.outliers.spread import Spread
    from phm_diabetes.outliers.tukey import TukeyFence
    from phm_diabetes.outliers.worst_decile import WorstDecile
    from phm_diabetes.outliers.xmr import XmR

_HOMES = {
    "below_benchmark": ("BelowBenchmark",),
    "combining": ("all_of", "any_of", "at_least"),
    "composites": ("composite_score",),
    "cusum": ("Cusum",),
    "detectable_differences": ("detectable",),
    "detectors": ("Detector",),
    "false_discoveries": ("false_discovery",),
    "funnel": ("Funnel",),
    "narrowing": ("within",),
    "overdispersion": ("CQC", "SHMI", "Recipe"),
    "percentile": ("PercentileBand",),
    "persisting": ("persistent",),
    "reference_sets": ("ReferenceSet",),
    "reliability_table": ("reliability",),
    "robust": ("RobustZ",),
    "spread": ("Spread",),
    "tukey": ("TukeyFence",),
    "worst_decile": ("WorstDecile",),
    "xmr": ("XmR",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "CQC",
    "SHMI",
    "BelowBenchmark",
    "Cusum",
    "Detector",
    "Funnel",
    "PercentileBand",
    "Recipe",
    "ReferenceSet",
    "RobustZ",
    "Spread",
    "TukeyFence",
    "WorstDecile",
    "XmR",
    "all_of",
    "any_of",
    "at_least",
    "composite_score",
    "detectable",
    "false_discovery",
    "persistent",
    "reliability",
    "within",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        message = f"module 'phm_diabetes.outliers' has no attribute '{name}'"
        raise AttributeError(message)
    value = getattr(import_module(f"phm_diabetes.outliers.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted({*__all__, *globals()})

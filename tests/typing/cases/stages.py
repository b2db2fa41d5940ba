"""Tables of the wrong stage: each line that mypy must refuse says with which error."""

from __future__ import annotations

import pandas as pd
from pandera.typing import DataFrame

import phm_diabetes as phm
from phm_diabetes.schemas.comparisons import Comparisons
from phm_diabetes.schemas.counts import Counts
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates


def takes_counts(counts: DataFrame[Counts]) -> None:
    """Stand for a verb that divides."""


def takes_estimates(estimates: DataFrame[Estimates]) -> None:
    """Stand for a verb that compares."""


plain = pd.DataFrame()
counts = checked(Counts, plain)
estimates = checked(Estimates, plain)
comparisons = checked(Comparisons, plain)

takes_counts(counts)
takes_counts(pd.concat([counts, counts]))
takes_estimates(estimates)

takes_counts(plain)  # expect: arg-type
takes_counts(estimates)  # expect: arg-type
takes_counts(comparisons)  # expect: arg-type
takes_estimates(counts)  # expect: arg-type
takes_estimates(comparisons)  # expect: arg-type
takes_estimates(pd.concat([counts, estimates]))  # expect: arg-type

phm.estimate(counts)
phm.compare(estimates, to="england")
phm.estimate(plain)  # expect: arg-type
phm.estimate(estimates)  # expect: arg-type
phm.compare(counts, to="england")  # expect: arg-type
phm.compare(comparisons, to="england")  # expect: arg-type

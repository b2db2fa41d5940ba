"""What a gradient is a gradient of: whose deprivation, in which quantiles, how many groups."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

__all__ = ["GradientBasis"]


@frozen(kw_only=True)
class GradientBasis:
    """The sentence that stands beside every slope index.

    Attributes
    ----------
    unit : {'people', 'practices', 'areas'}
        What was ranked: people by their own address (person level), or practices or areas by an
        average (ecological), which is never called patients' deprivation.
    quantiles : {'national', 'local'}
        Whether groups are fifths (or tenths) of England or of the place itself.
    groups : int
        Number of groups.
    vintage : str
        Index and year, such as ``"IMD2019"``.

    Examples
    --------
    >>> basis = GradientBasis(unit="practices", quantiles="national", groups=5, vintage="IMD2019")
    >>> print(basis)
    Ecological: practices in 5 national groups by IMD2019; not their patients' own deprivation.
    """

    unit: Literal["people", "practices", "areas"]
    quantiles: Literal["national", "local"]
    groups: int
    vintage: str

    def __str__(self) -> str:
        """Say it in one sentence."""
        grouped = f"{self.unit} in {self.groups} {self.quantiles} groups by {self.vintage}"
        if self.unit == "people":
            return f"Person level: {grouped}, each by where they live."
        whose = "their patients'" if self.unit == "practices" else "their residents'"
        return f"Ecological: {grouped}; not {whose} own deprivation."

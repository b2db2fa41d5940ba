"""A finding: one figure that stands out, with all that a reader must know to doubt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from phm_diabetes.model.organisations import Organisation

__all__ = ["Finding"]


@frozen(kw_only=True)
class Finding:
    """One organisation that stands out on one measure, against one comparator.

    Parameters
    ----------
    organisation
        Who.
    measure, definition
        Of what, by id.
    period
        Both ends, as text.
    value, lower, upper
        The figure and its sampling interval [proportion].
    comparator, comparator_value
        Against whom, and their figure.
    verdict
        *better / similar / worse*, *higher / similar / lower*, or *not compared*.
    rounding
        What hidden counts could do to the verdict.
    below
        The rule that was applied, such as ``"interval(0.95)"``.
    path
        The organisations passed through on the way, outermost first.
    caveats
        Sentences that travel with the figure.

    Examples
    --------
    >>> from phm_diabetes.model.organisations import Organisation
    >>> finding = Finding(
    ...     organisation=Organisation(level="practice", code="X99001"), measure="copd.register",
    ...     definition="qof:COPD:TOTAL", period="2022-04-01 to 2023-03-31", value=0.02,
    ...     lower=0.015, upper=0.026, comparator="England", comparator_value=0.03,
    ...     verdict="lower", rounding="holds", below="interval(0.95)",
    ... )
    >>> print(finding)
    X99001: copd.register 2.0% (1.5% to 2.6%), lower than England 3.0%; holds under rounding.
    """

    organisation: Organisation
    measure: str
    definition: str
    period: str
    value: float
    lower: float
    upper: float
    comparator: str
    comparator_value: float
    verdict: str
    rounding: str
    below: str
    path: tuple[Organisation, ...] = ()
    caveats: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One sentence, without a cause."""
        if self.verdict == "similar":
            relation = "similar by interval to"
        elif self.verdict == "not compared":
            relation = "not compared with"
        else:
            relation = f"{self.verdict} than"
        return (
            f"{self.organisation}: {self.measure} {self.value:.1%} "
            f"({self.lower:.1%} to {self.upper:.1%}), {relation} "
            f"{self.comparator} {self.comparator_value:.1%}; {self.rounding} under rounding."
        )

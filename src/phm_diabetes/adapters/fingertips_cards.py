"""Fingertips cards: the measure cards that a download allows, so that its counts can be divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.adapters.fingertips_figures import multiplier
from phm_diabetes.errors import MeasureNotFoundError
from phm_diabetes.model.measures import Definition, DiseaseArea, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from phm_diabetes.extract import Extract
    from phm_diabetes.model.measures import Polarity

__all__ = ["indicator_area"]

_PERCENT = 100


def indicator_area(
    extract: Extract, *, reviewed: date, polarity: Mapping[str, Polarity] | None = None
) -> DiseaseArea:
    """Return cards for the indicators of a download whose counts give the published value.

    The download says neither what its counts count nor which way is better, so the words are
    plain, and an indicator has no better or worse until you say so.

    Parameters
    ----------
    extract
        What ``fingertips.indicator`` gave.
    reviewed
        Day on which you read the indicators' definitions.
    polarity
        ``"higher"`` or ``"lower"`` by measure id, where that is better.

    Returns
    -------
    DiseaseArea
        One card an indicator: a proportion where values are per cent, else a rate. An indicator
        that is standardised or weighted has none.

    Raises
    ------
    MeasureNotFoundError
        When no indicator's counts give its value, or `polarity` names another measure.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> import phm_diabetes as phm
    >>> row = {"Indicator ID": "90001", "Indicator Name": "Planted", "Area Code": "Y99001",
    ...     "Area Type": "GPs", "Sex": "Persons", "Age": "All ages", "Category Type": "",
    ...     "Category": "", "Time period": "2022/23", "Value": "5", "Count": "20",
    ...     "Denominator": "400", "Value note": "", "Lower CI 95.0 limit": "",
    ...     "Upper CI 95.0 limit": "", "Lower CI 99.8 limit": "", "Upper CI 99.8 limit": ""}
    >>> extract = phm.load(pd.DataFrame([row]), adapter="fingertips.indicator")
    >>> area = indicator_area(extract, reviewed=date(2026, 11, 1))
    >>> area["fingertips.90001"].kind
    'proportion'
    """
    wanted: dict[str, Polarity] = dict(polarity or {})
    cards = [
        _card(str(measure), own, times, reviewed, wanted.get(str(measure), "neither"))
        for measure, own, times in _divisible(extract)
    ]
    unknown = sorted(set(wanted) - {card.id for card in cards})
    if unknown or not cards:
        message = (
            f"polarity= names {', '.join(unknown)}, which {extract.provenance.file} has no counts "
            "for."
            if unknown
            else f"No indicator of {extract.provenance.file} has counts that give its value."
        )
        raise MeasureNotFoundError(message)
    return DiseaseArea(
        id="fingertips",
        name="Fingertips indicators",
        description="Indicators of a Fingertips download.",
        measures=tuple(cards),
    )


def _divisible(extract: Extract) -> list[tuple[object, pd.DataFrame, int]]:
    counts = extract.tables["counts"][["source", "source_row", "numerator", "denominator"]]
    both = extract.tables["published"].merge(counts, on=["source", "source_row"])
    return [
        (measure, own, times)
        for measure, own in both.groupby("measure", observed=True, sort=True)
        if (times := multiplier(own["value"], own["numerator"], own["denominator"])) is not None
    ]


def _card(
    measure: str, own: pd.DataFrame, times: int, reviewed: date, polarity: Polarity
) -> Measure:
    name = str(own["measure_name"].iloc[0])
    is_share = times == _PERCENT
    return Measure(
        id=measure,
        name=name,
        numerator=f"Count of '{name}', as Fingertips publishes it",
        denominator=f"Denominator of '{name}', as Fingertips publishes it",
        kind="proportion" if is_share else "rate",
        unit="people" if is_share else "events",
        polarity=polarity,
        source="OHID, Fingertips",
        why="Chosen by the analyst.",
        per=1 if is_share else times,
        definitions=tuple(
            Definition(id=each, words=name, source="OHID, Fingertips")
            for each in sorted(own["definition"].astype(str).unique())
        ),
        reviewed=reviewed,
    )

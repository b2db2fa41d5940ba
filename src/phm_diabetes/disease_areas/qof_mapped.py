"""Cards for whatever indicators a year's files hold, from the files' own mapping."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.disease_areas.qof_codes import INDICATOR_CODE, ages_of
from phm_diabetes.disease_areas.qof_indicators import excluded_card, indicator_card, people_card
from phm_diabetes.errors import OptionError
from phm_diabetes.model.measures import DiseaseArea
from phm_diabetes.plugins import measure_cards

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from phm_diabetes.extract import Extract
    from phm_diabetes.model.measures import Measure

__all__ = ["qof_area"]

_MEASURE = re.compile(rf"qof\.({INDICATOR_CODE.casefold()})(?:_(register|newly_diagnosed))?")


def qof_area(extract: Extract) -> DiseaseArea:
    """Return cards for every measure of a QOF extract.

    A measure that an installed area describes keeps that area's card. Any other indicator gets
    a card in its publisher's words, from the extract's ``indicators``, or by its code alone
    where the extract holds no mapping.

    Parameters
    ----------
    extract
        What ``england.qof`` or ``england.qof_workbook`` read.

    Returns
    -------
    DiseaseArea
        For the ``measures=`` of any verb.

    Raises
    ------
    OptionError
        When the extract holds no counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), adapter="england.qof_prevalence", period="2022-23")
    >>> "copd.register" in qof_area(extract).ids
    True
    """
    if "counts" not in extract.tables:
        message = f"{extract.provenance.file} gave no counts. Load the QOF with 'england.qof'."
        raise OptionError(message)
    described = _described(extract)
    installed = measure_cards()
    cards: dict[str, Measure] = {}
    for measure in sorted(extract.tables["counts"]["measure"].astype(str).unique()):
        known = installed.get(measure)
        for card in _cards_of(measure, described) if known is None else [known]:
            cards.setdefault(card.id, card)
        left_out = installed.get(f"{measure}_excluded")
        if left_out is not None:
            cards.setdefault(left_out.id, left_out)
    return DiseaseArea(
        id="qof_extract",
        name=f"QOF of {extract.provenance.file}",
        description="Registers and indicators that one extract holds.",
        measures=tuple(cards.values()),
    )


def _described(extract: Extract) -> dict[str, dict[str, Any]]:
    """Return the latest description of each indicator."""
    if "indicators" not in extract.tables:
        return {}
    latest = extract.tables["indicators"].sort_values("start", kind="stable")
    columns = ("description", "list_type", "points")
    return {
        str(code): dict(zip(columns, row, strict=True))
        for code, *row in latest[["code", *columns]].itertuples(index=False)
    }


def _cards_of(measure: str, described: Mapping[str, Mapping[str, Any]]) -> list[Measure]:
    match = _MEASURE.fullmatch(measure)
    if match is None:
        return []
    code, part = match[1].upper(), match[2]
    row = described.get(code, {"description": "", "list_type": "", "points": None})
    words = str(row["description"]) or "as its publisher describes it"
    if part:
        return [people_card(code, part, name=words)]
    card = indicator_card(
        code,
        name=words,
        achieved=f"People counted as achieved: {words}",
        eligible="People whom the indicator is about",
        ages=ages_of(row["list_type"]) if row["list_type"] else (None, None),
        rewarded=row["points"] != 0,
    )
    return [card, excluded_card(card)]

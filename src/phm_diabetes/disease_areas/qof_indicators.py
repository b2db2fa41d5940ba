"""Measure cards of the QOF's indicators: what is achieved, who was left out, who is registered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from phm_diabetes.disease_areas.qof_codes import eras_of, measure_of
from phm_diabetes.disease_areas.qof_diabetes import DIABETES_INDICATORS
from phm_diabetes.disease_areas.qof_protection import protection_of
from phm_diabetes.model.measures import Definition, DiseaseArea, Measure
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from phm_diabetes.disease_areas.qof_diabetes import Indicator

__all__ = ["AREA", "excluded_card", "indicator_card", "people_card"]

_PUBLISHER = "Quality and Outcomes Framework, NHS England"
_NET = (
    "Out of those who are left after personalised care adjustments (exceptions to 2018-19): a "
    "practice that leaves more people out can show more. See the intervention rate beside it."
)
_LOCAL = (
    "Work recorded for a local scheme instead is missing, so practices of a Place that has one "
    "can seem to do less than they do."
)
_REVISED = (
    "A revised indicator has another code: it is another measure, and no trend joins the two."
)
_REVIEWED = date(2026, 11, 22)
_ERAS = {"exceptions": "left out by exception", "pca": "left out by personalised care adjustment"}


def indicator_card(
    code: str,
    *,
    name: str,
    achieved: str,
    eligible: str,
    ages: tuple[int | None, int | None] = (None, None),
    years: tuple[str | None, str | None] = (None, None),
    rewarded: bool = True,
) -> Measure:
    """Return the card of one indicator.

    Parameters
    ----------
    code
        The publisher's code.
    name
        What a reader sees after the code.
    achieved, eligible
        Who is in the numerator, and in the denominator before anybody is left out.
    ages
        Lowest and highest age.
    years
        First and last NHS year in force, as far as known.
    rewarded
        Whether a high figure earns points; management information has no direction.

    Examples
    --------
    >>> card = indicator_card("COPD010", name="reviewed", achieved="Reviewed", eligible="Register")
    >>> card.id, card.polarity, card.definitions[2].id
    ('qof.copd010', 'higher', 'qof:COPD010:pca')
    """
    return Measure(
        id=measure_of(code),
        name=f"QOF {code}: {name}",
        numerator=achieved,
        denominator=f"{eligible}, without those left out",
        kind="proportion",
        unit="people",
        polarity="higher" if rewarded else "neither",
        age_range=ages,
        source=_PUBLISHER,
        why="What the framework pays practices to do, counted at every practice that takes part.",
        caveats=(_NET, _LOCAL, _REVISED),
        known_issues=protection_of(code),
        definitions=_definitions(code, achieved, eligible, years),
        reviewed=_REVIEWED,
    )


def _definitions(
    code: str, achieved: str, eligible: str, years: tuple[str | None, str | None]
) -> tuple[Definition, ...]:
    first, last = (Period.financial_year(year) if year else None for year in years)
    found = []
    for identifier in eras_of(code):
        out = _ERAS[identifier.split(":")[2]]
        net = f"{achieved}, out of: {eligible}, without those {out}."
        everyone = f"{achieved}, out of: {eligible}, those {out} among them."
        found += [
            Definition(
                id=each,
                words=words,
                source=_PUBLISHER,
                valid_from=first.start if first else None,
                valid_to=last.end if last else None,
            )
            for each, words in ((identifier, net), (f"{identifier}+excluded", everyone))
        ]
    return tuple(found)


def excluded_card(card: Measure) -> Measure:
    """Return the card of the share of people whom an indicator leaves out.

    Examples
    --------
    >>> card = indicator_card("COPD010", name="reviewed", achieved="Reviewed", eligible="Register")
    >>> excluded_card(card).id, excluded_card(card).polarity
    ('qof.copd010_excluded', 'neither')
    """
    return evolve(
        card,
        id=f"{card.id}_excluded",
        name=f"{card.name}: left out",
        numerator="People left out by personalised care adjustment (exception to 2018-19)",
        denominator=card.denominator.replace("without those left out", "those left out among them"),
        polarity="neither",
        why="Who does not count: an unusual share is worth a question before achievement is read.",
        caveats=(
            "Leaving somebody out can be right: neither a high nor a low share is good or bad.",
            _LOCAL,
            _REVISED,
        ),
    )


def people_card(code: str, part: str, *, name: str) -> Measure:
    """Return the card of the people on an indicator's own register.

    Parameters
    ----------
    code
        The publisher's code.
    part
        ``"register"`` or ``"newly_diagnosed"``.
    name
        What a reader sees after the code.

    Examples
    --------
    >>> people_card("AF001", "register", name="register").kind
    'count'
    """
    words = "People on the register" if part == "register" else "People newly diagnosed"
    return Measure(
        id=measure_of(code, part),
        name=f"QOF {code}: {name}",
        numerator=f"{words}, as the indicator counts them",
        denominator="None",
        kind="count",
        unit="people",
        polarity="neither",
        source=_PUBLISHER,
        why="How many people the indicator is about.",
        caveats=("A number of people, not a rate: it grows with the practice's list.", _REVISED),
        known_issues=protection_of(code),
        definitions=(
            Definition(id=f"qof:{code}:{part}", words=f"{words} of {code}.", source=_PUBLISHER),
        ),
        reviewed=_REVIEWED,
        feeds_shortlist=False,
    )


def _cards(indicator: Indicator) -> tuple[Measure, ...]:
    code, name = indicator.code, indicator.name
    if name.startswith("register"):
        return (people_card(code, "register", name=name),)
    card = indicator_card(
        code,
        name=name,
        achieved=indicator.achieved,
        eligible=indicator.eligible,
        ages=indicator.ages,
        years=(indicator.first, indicator.last),
    )
    if not code.startswith("NDH"):
        return card, excluded_card(card)
    # Its group has no indicator of the register alone, so that this one counts it too.
    return card, excluded_card(card), people_card(code, "register", name="register")


AREA = DiseaseArea(
    id="qof_indicators",
    name="QOF indicators",
    description=(
        "Indicators of diabetes and of non-diabetic hyperglycaemia in the Quality and Outcomes "
        "Framework, each code a measure of its own."
    ),
    measures=tuple(card for each in DIABETES_INDICATORS for card in _cards(each)),
)

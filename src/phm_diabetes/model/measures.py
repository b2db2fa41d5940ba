"""Measure cards: what is counted, out of what, in whose words, and which way is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen, validators

from phm_diabetes.errors import MeasureNotFoundError, OptionError, did_you_mean

if TYPE_CHECKING:
    from datetime import date

    from phm_diabetes.model.known_issues import KnownIssue

__all__ = [
    "FEWEST_EVENTS",
    "MEASURE_ID",
    "Definition",
    "DiseaseArea",
    "Kind",
    "Measure",
    "Polarity",
    "Unit",
]

Kind = Literal["proportion", "rate", "ratio", "mean", "count"]
Polarity = Literal["higher", "lower", "neither"]
Unit = Literal["people", "events", "pence"]

MEASURE_ID = r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+"
"""Regular expression of a measure's id: words joined by dots."""

FEWEST_EVENTS = 10
"""Events of a rare measure of which a figure is given."""


@frozen(kw_only=True)
class Definition:
    """One version of a measure's rules; figures of two definitions are not compared.

    Parameters
    ----------
    id
        Publisher, code and edition, such as ``"qof:DM:17OV"``, or the components.
    words
        The rule in a sentence.
    source
        Where the rule is published.
    valid_from, valid_to
        Days between which the definition was in force; ``None`` where open or not known.

    Examples
    --------
    >>> Definition(id="qof:AF:TOTAL", words="Everyone registered.", source="QOF").valid_to
    """

    id: str
    words: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@frozen(kw_only=True)
class Measure:
    """A measure's card.

    Parameters
    ----------
    id
        Area and name, such as ``"copd.register"``; never reused.
    name
        What a reader sees.
    numerator, denominator
        In words.
    kind
        ``"proportion"``, ``"rate"``, ``"ratio"``, ``"mean"`` or ``"count"``. A ratio of events is
        to events of another kind; events for people are a rate.
    unit
        What the numerator counts: ``"people"``, ``"events"`` or ``"pence"``.
    polarity
        Which way is better: ``"higher"``, ``"lower"`` or ``"neither"``.
    age_range
        Lowest and highest completed age of the denominator; ``None`` for an open end.
    source
        Publisher of the figures.
    why
        Why it matters, in a sentence.
    caveats
        Sentences that ride along with every output.
    known_issues
        Faults of some periods' figures, which ride along with those periods.
    per
        Multiplier of a rate, such as 1000; 1 otherwise.
    definitions
        Its versions, oldest first.
    reviewed
        Day the card was last checked by a person.
    feeds_shortlist
        ``False`` for a measure that may be shown but never selects a practice.
    rare
        Whether there are so few events that a figure takes at least 10 of them, is never given of
        a practice, and below an ICB in at most three groups.
    patients_only
        Whether all its people have the condition, so that the ages of a whole population are no
        standard for them.
    registered_in
        For a target out of the people measured only, the measure whose denominator is everyone
        registered; ``None`` where the denominator is everyone already.

    Raises
    ------
    ValueError
        When the id is not lower-case words joined by dots, or a word list is left.

    Examples
    --------
    >>> from datetime import date
    >>> card = Measure(
    ...     id="copd.register", name="COPD register", numerator="People on the register",
    ...     denominator="People registered", kind="proportion", unit="people",
    ...     polarity="neither", source="QOF", why="Need.", reviewed=date(2026, 11, 1),
    ... )
    >>> card.is_directed
    False
    """

    id: str = field(validator=validators.matches_re(MEASURE_ID))
    name: str
    numerator: str
    denominator: str
    kind: Kind = field(validator=validators.in_(("proportion", "rate", "ratio", "mean", "count")))
    unit: Unit = field(validator=validators.in_(("people", "events", "pence")))
    polarity: Polarity = field(validator=validators.in_(("higher", "lower", "neither")))
    source: str
    why: str
    reviewed: date
    age_range: tuple[int | None, int | None] = (None, None)
    caveats: tuple[str, ...] = ()
    known_issues: tuple[KnownIssue, ...] = ()
    per: int = field(default=1, validator=validators.ge(1))
    definitions: tuple[Definition, ...] = ()
    feeds_shortlist: bool = True
    rare: bool = False
    patients_only: bool = False
    registered_in: str | None = field(
        default=None, validator=validators.optional(validators.matches_re(MEASURE_ID))
    )

    @property
    def is_directed(self) -> bool:
        """Whether one way is better than the other."""
        return self.polarity != "neither"

    def caveats_for(self, start: date, end: date) -> tuple[str, ...]:
        """Return what must be said beside figures of a period: its caveats and known issues."""
        issues = (issue.words for issue in self.known_issues if issue.concerns(start, end))
        return (*self.caveats, *issues)


@frozen(kw_only=True)
class DiseaseArea:
    """A disease area or specialty: its measures, offered through an entry point.

    Parameters
    ----------
    id, name
        Identifier and what a reader sees.
    measures
        The cards.
    description
        What the area covers, in a sentence.

    Raises
    ------
    OptionError
        When two cards share an id.

    Examples
    --------
    >>> DiseaseArea(id="none", name="None", description="Empty.", measures=()).ids
    ()
    """

    id: str
    name: str
    description: str
    measures: tuple[Measure, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse two cards of one id."""
        twice = sorted({one for one in self.ids if self.ids.count(one) > 1})
        if twice:
            message = f"Disease area '{self.id}' has two cards for {', '.join(twice)}."
            raise OptionError(message)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the measures, in the order of the cards."""
        return tuple(measure.id for measure in self.measures)

    def __getitem__(self, measure_id: str) -> Measure:
        """Return the card of that id."""
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        message = f"Disease area '{self.id}' has no measure '{measure_id}'." + did_you_mean(
            measure_id, self.ids
        )
        raise MeasureNotFoundError(message)

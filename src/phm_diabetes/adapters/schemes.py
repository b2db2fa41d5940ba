"""Local schemes: what a Place's own indicators count, and how far they are those of a nation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from phm_diabetes.errors import MeasureNotFoundError, UnlikeError, did_you_mean
from phm_diabetes.model.measures import Definition, DiseaseArea, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from phm_diabetes.adapters.ranges import Rounding
    from phm_diabetes.model.measures import Polarity

__all__ = ["COMPARABILITY", "LocalIndicator", "Scheme"]

COMPARABILITY = ("none", "partial", "full")
"""How far a local indicator counts what its nearest national measure counts."""


@frozen(kw_only=True)
class LocalIndicator:
    """One indicator of a local scheme, as its manifest states it.

    Parameters
    ----------
    id
        The scheme's own code.
    description
        What is counted, out of what, in a sentence.
    numerator, denominator, exclusions
        Headers of its columns; two merged rows are written ``"Reviewed / Number"``. Blank in a
        scheme whose rows name their indicator; exclusions are blank where there are none.
    sheet
        Regular expression of the whole name of its sheets; ``None`` for any.
    direction
        Which way is better: ``"higher"``, ``"lower"`` or ``"neither"``.
    valid_from, valid_to
        Days between which it was in force; ``None`` where open.
    national
        Id of the nearest national measure; blank where there is none.
    comparability
        ``"none"``, ``"partial"`` or ``"full"``.
    difference
        How it differs from the national measure, where it does.

    Examples
    --------
    >>> LocalIndicator(id="DQ07", description="People reviewed.").comparability
    'none'
    """

    id: str
    description: str
    numerator: str = ""
    denominator: str = ""
    exclusions: str = ""
    sheet: str | None = None
    direction: Polarity = "higher"
    valid_from: date | None = None
    valid_to: date | None = None
    national: str = ""
    comparability: str = field(default="none", validator=validators.in_(COMPARABILITY))
    difference: str = ""

    def in_force(self, start: date, end: date) -> bool:
        """Whether the indicator was in force on every day of a period."""
        begun = self.valid_from is None or self.valid_from <= start
        return begun and (self.valid_to is None or self.valid_to >= end)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be said beside its figures."""
        if self.comparability == "full":
            return ()
        if self.comparability == "none" or not self.national:
            return ("It counts what no national measure counts, and is compared with none.",)
        return (f"It is only partly comparable with {self.national}: {self.difference}",)


@frozen(kw_only=True)
class Scheme:
    """A local scheme: its indicators, and how its workbooks are laid out.

    Parameters
    ----------
    place, dataset
        The two halves of the adapter's name; the dataset in capitals names the figures' source.
    title, edition
        The scheme's name, and which edition of its rules the manifest describes.
    reviewed
        Day the manifest was last checked by a person.
    indicators
        What it counts.
    practice_header
        Header of the practices, under any of several names.
    practices
        ``"code"``, or ``"name"`` where practices are named and a geography must resolve them.
    period_header
        Header of the NHS year, where the sheets have one.
    indicator_header
        Header of the indicator's code, where each row is about one indicator; the three below
        then name its figures.
    numerator_header, denominator_header, exclusions_header
        Headers of the figures in such a layout.
    sheet
        Regular expression of the whole name of the sheets, where an indicator does not say.
    header_rows, header_within
        Rows that the header takes, and where it may stand.
    footers
        Regular expressions of the first cell of a total or note.
    missing
        Symbols that say that there is no count.
    hidden
        Symbols that hide a count, each with the least and most that it can be.
    rounding
        How counts are rounded.

    Examples
    --------
    >>> from datetime import date
    >>> scheme = Scheme(
    ...     place="north", dataset="lqof", title="North's scheme", edition="2024",
    ...     reviewed=date(2026, 11, 1), practice_header=("Practice",),
    ...     indicators=(LocalIndicator(id="NQ-1", description="People reviewed.",
    ...                                national="qof.copd010", comparability="partial",
    ...                                difference="ages 17 and over."),))
    >>> scheme.area["lqof.nq_1"].caveats
    ('It is only partly comparable with qof.copd010: ages 17 and over.',)
    >>> scheme.with_national("lqof.nq_1")
    ('lqof.nq_1', 'qof.copd010')
    """

    place: str
    dataset: str
    title: str
    edition: str
    reviewed: date
    indicators: tuple[LocalIndicator, ...]
    practice_header: tuple[str, ...]
    practices: str = "name"
    period_header: str = ""
    indicator_header: str = ""
    numerator_header: str = ""
    denominator_header: str = ""
    exclusions_header: str = ""
    sheet: str | None = None
    header_rows: int = 1
    header_within: int = 10
    footers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("#N/A", "#DIV/0!", "")
    hidden: Mapping[str, tuple[int, int]] = field(factory=dict)
    rounding: Rounding | None = None

    @property
    def is_long(self) -> bool:
        """Whether each row is about one practice and one indicator."""
        return bool(self.indicator_header)

    def measure_of(self, indicator: LocalIndicator) -> str:
        """Return the id of an indicator's measure."""
        return f"{self.dataset}.{re.sub('[^a-z0-9]+', '_', indicator.id.casefold()).strip('_')}"

    def definition_of(self, indicator: LocalIndicator) -> str:
        """Return the id of an indicator's rules: scheme, code and edition."""
        return f"{self.place}.{self.dataset}:{indicator.id}:{self.edition}"

    @property
    def area(self) -> DiseaseArea:
        """The measures, each with what must be said beside it."""
        cards = [self._card(each) for each in self.indicators]
        return DiseaseArea(
            id=f"{self.place}_{self.dataset}",
            name=self.title,
            description=f"Indicators of {self.title}, edition {self.edition}.",
            measures=tuple(cards),
        )

    def _card(self, indicator: LocalIndicator) -> Measure:
        return Measure(
            id=self.measure_of(indicator),
            name=f"{indicator.id} of {self.title}",
            numerator=indicator.description,
            denominator="Those eligible under the scheme, without those left out.",
            kind="proportion",
            unit="people",
            polarity=indicator.direction,
            source=self.title,
            why="Part of what the Place pays its practices for.",
            caveats=indicator.caveats,
            definitions=(
                Definition(
                    id=self.definition_of(indicator),
                    words=indicator.description,
                    source=self.title,
                    valid_from=indicator.valid_from,
                    valid_to=indicator.valid_to,
                ),
            ),
            reviewed=self.reviewed,
        )

    def with_national(self, measure: str) -> tuple[str, str]:
        """Return a measure with its nearest national one, as ``reconcile`` takes the pair.

        Raises
        ------
        MeasureNotFoundError
            When the scheme has no such measure.
        UnlikeError
            When it is comparable with no national measure.
        """
        own = {self.measure_of(each): each for each in self.indicators}
        if measure not in own:
            message = f"{self.title} has no measure '{measure}'." + did_you_mean(measure, own)
            raise MeasureNotFoundError(message)
        found = own[measure]
        if found.comparability == "none" or not found.national:
            message = (
                f"{measure} counts what no national measure counts (comparability none in the "
                "manifest). Compare practices on it within the Place."
            )
            raise UnlikeError(message)
        return measure, found.national

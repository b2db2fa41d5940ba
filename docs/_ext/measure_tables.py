"""The directives ``measures`` and ``code-lists``: what the cards and their codes say themselves.

``.. measures:: diabetes`` shows every card of one disease area, each under its id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from phm_diabetes.disease_areas import hospital_codes
from phm_diabetes.plugins import DISEASE_AREAS, load_plugin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

    from phm_diabetes.model.measures import Definition, Measure

_RARE = (
    "a figure takes at least 10 events, is never of a practice, and below an ICB is in at most "
    "three groups"
)
POLARITY = {
    "higher": "higher is better",
    "lower": "lower is better",
    "neither": "neither way is better",
}


def ages_of(card: Measure) -> str:
    """Return the ages of the denominator in words."""
    low, high = card.age_range
    if low is None and high is None:
        return "any age"
    if high is None:
        return f"{low} and over"
    return f"to {high}" if low is None else f"{low} to {high}"


def figure_of(card: Measure) -> str:
    """Return what kind of figure it is, of what unit, and on which scale."""
    scale = f", per {card.per:,}" if card.per != 1 else ""
    return f"{card.kind} of {card.unit}{scale}; {POLARITY[card.polarity]}"


def dates_of(definition: Definition) -> str:
    """Return the days between which a definition holds, as far as they are known."""
    first, last = definition.valid_from, definition.valid_to
    if first is None and last is None:
        return "dates not stated"
    words = f"from {first}" if first is not None else ""
    return f"{words} to {last}".strip() if last is not None else words


def facts_of(card: Measure) -> list[tuple[str, list[str]]]:
    """Return what a card says, a heading and its lines at a time."""
    facts = [
        ("numerator", [card.numerator]),
        ("denominator", [card.denominator]),
        ("figure", [figure_of(card)]),
        ("ages", [ages_of(card)]),
        ("source", [card.source]),
        ("why", [card.why]),
        (
            "definitions",
            [
                f"{each.id} ({dates_of(each)}): {each.words} {each.source}."
                for each in card.definitions
            ],
        ),
        ("caveats", [*card.caveats, *(issue.words for issue in card.known_issues)]),
        ("shortlist", ["selects nobody" if not card.feeds_shortlist else "may select"]),
        *([("rare", [_RARE])] if card.rare else []),
        ("reviewed", [f"{card.reviewed:%Y-%m-%d}"]),
    ]
    if card.registered_in is not None:
        facts.insert(2, ("everyone registered", [f"the denominator of {card.registered_in}"]))
    return facts


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def _lines(lines: list[str]) -> nodes.Node:
    if len(lines) == 1:
        return nodes.paragraph("", lines[0])
    items = [nodes.list_item("", nodes.paragraph("", each)) for each in dict.fromkeys(lines)]
    return nodes.bullet_list("", *items)


def _table(
    widths: tuple[int, ...], rows: Iterable[nodes.row], headings: tuple[str, ...] = ()
) -> nodes.table:
    group = nodes.tgroup("", cols=len(widths))
    group += [nodes.colspec("", colwidth=width) for width in widths]
    if headings:
        group += nodes.thead("", _row(nodes.paragraph("", heading) for heading in headings))
    group += nodes.tbody("", *rows)
    return nodes.table("", group)


class MeasuresDirective(SphinxDirective):
    """Show every card of a disease area, each in its own section."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec | None] = {}

    def run(self) -> list[nodes.Node]:
        """Return a section a card."""
        return [
            self._section(card) for card in load_plugin(DISEASE_AREAS, self.arguments[0]).measures
        ]

    def _section(self, card: Measure) -> nodes.section:
        section = nodes.section("", nodes.title("", card.id))
        section["names"].append(f"measure-{card.id}")
        self.state.document.note_explicit_target(section)
        section += nodes.paragraph("", card.name)
        rows = [
            _row((nodes.paragraph("", heading), _lines(lines)))
            for heading, lines in facts_of(card)
            if lines
        ]
        section += _table((18, 82), rows)
        return section


class CodeListsDirective(SphinxDirective):
    """Show the code lists of hospital records."""

    option_spec: ClassVar[OptionSpec | None] = {}

    def run(self) -> list[nodes.Node]:
        """Return one table, a row a list."""
        lists = [
            getattr(hospital_codes, name) for name in hospital_codes.__all__ if name != "CodeList"
        ]
        rows = [
            _row(
                nodes.paragraph("", cell)
                for cell in (
                    each.label,
                    f"{each.listed}{' and what begins so' if each.beginnings else ''}",
                    each.words,
                    each.source,
                )
            )
            for each in lists
        ]
        return [_table((16, 22, 40, 22), rows, ("list", "codes", "what they are", "source"))]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the directives."""
    app.add_directive("measures", MeasuresDirective)
    app.add_directive("code-lists", CodeListsDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""Explain: one organisation's figures, back to formula, definition, file and row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.model.levels import level_named
from phm_diabetes.model.policies import SMALL_NUMBERS, strictest
from phm_diabetes.outliers.turning_points import other_verdicts
from phm_diabetes.plugins import measure_cards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.model.policies import Policy

__all__ = ["explain"]

_MOST_MEMBERS = 60


def explain(
    table: pd.DataFrame,
    org_code: str,
    *,
    extracts: Sequence[Extract] = (),
    geo: Geography | None = None,
    counts: pd.DataFrame | None = None,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> str:
    """Return the working of every figure of one organisation.

    Parameters
    ----------
    table
        Counts, Estimates or Comparisons.
    org_code
        Whose figures.
    extracts
        Where the rows came from: they give the file, its hash and the disclosure rule. Without
        them counts are shown under the strict rule.
    geo
        Gives names, and the members of a rolled-up organisation.
    counts
        The practices' counts under a rolled-up organisation, to show whose rows were summed.
    measures
        Cards; ``None`` for the installed areas.

    Returns
    -------
    str
        Plain text, a paragraph a row.

    Raises
    ------
    OptionError
        When the table has no row of the organisation.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), period="2022-23")
    >>> code = extract.table["org_code"].iloc[0]
    >>> "PREVALENCE_2223.csv › row 2" in phm.explain(extract.table, code, extracts=[extract])
    True
    """
    rows = table[table["org_code"] == org_code]
    if rows.empty:
        known = [str(code) for code in table["org_code"].unique()]
        message = f"The table has no row of '{org_code}'." + did_you_mean(org_code, known)
        raise OptionError(message)
    cards = measure_cards(measures)
    parts = [
        "\n".join(_paragraph(row, cards, extracts, geo, counts, _policy_of(row, extracts)))
        for _, row in rows.iterrows()
    ]
    return "\n\n".join(parts)


def _policy_of(row: pd.Series[Any], extracts: Sequence[Extract]) -> Policy:
    """Return the strictest rule of all extracts; a source that was not given is shown strictly."""
    known = {extract.provenance.id: extract.provenance.policy for extract in extracts}
    sources = {part.partition("#")[0] for part in str(row["source"]).split(" + ")}
    return strictest((*known.values(), *(SMALL_NUMBERS for _ in sources - set(known))))


def _paragraph(
    row: pd.Series[Any],
    cards: dict[str, Measure],
    extracts: Sequence[Extract],
    geo: Geography | None,
    counts: pd.DataFrame | None,
    policy: Policy,
) -> list[str]:
    level, code = str(row["org_level"]), str(row["org_code"])
    who = str(geo.organisation(level, code)) if geo is not None else code
    lines = [
        (
            f"{who}, {level_named(level).name}: {row['measure']}, "
            f"{row['period_start']:%Y-%m-%d} to {row['period_end']:%Y-%m-%d}"
        ),
        f"  definition: {row['definition']} ({row['dataset']})",
    ]
    card = cards.get(str(row["measure"]))
    if card is not None:
        lines.append(f"  numerator: {card.numerator}; denominator: {card.denominator}")
    top, bottom = (_count(row, part, policy) for part in ("numerator", "denominator"))
    lines.append(f"  figure: {top} / {bottom}{_value(row, card, policy)}")
    lines += _compared(row, card, policy)
    lines += _origin(row, extracts, geo, counts, policy)
    lines.append(f"  shown: {policy.name}")
    return lines


def _count(row: pd.Series[Any], part: str, policy: Policy) -> str:
    value, low, high = row[part], row[f"{part}_low"], row[f"{part}_high"]
    if pd.isna(high):
        return policy.show(None)
    if pd.isna(value):
        return policy.show_range(int(low), int(high))
    shown = policy.show(int(value))
    if low == high or not policy.shows_all:
        return shown
    return f"{shown} ({policy.show_range(int(low), int(high))})"


def _scaled(value: float, card: Measure | None) -> str:
    if card is not None and card.kind == "proportion" and card.per == 1:
        return f"{value:.2%}"
    return f"{value:,.2f}" + (f" per {card.per:,}" if card is not None and card.per > 1 else "")


def _value(row: pd.Series[Any], card: Measure | None, policy: Policy) -> str:
    if "value" not in row.index:
        return ""
    if pd.isna(row["value"]):
        return f": no figure ({row['reason']})"
    if not policy.shows_all:
        return _of_shown(row["numerator"], row["denominator"], card, policy)
    return (
        f" = {_scaled(row['value'], card)} ({100 * row['confidence']:g}% interval "
        f"{_scaled(row['lower'], card)} to {_scaled(row['upper'], card)}, {row['method']})"
    )


def _of_shown(top: int, bottom: int, card: Measure | None, policy: Policy) -> str:
    """Divide the counts as shown: a figure of the exact ones would give them away."""
    above, below = policy.as_shown(int(top)), policy.as_shown(int(bottom))
    if above is None or not below or card is None:
        return ""
    return f" = {_scaled(card.per * above / below, card)} (of the counts as shown)"


def _compared(row: pd.Series[Any], card: Measure | None, policy: Policy) -> list[str]:
    if "verdict" not in row.index:
        return []
    said = [f"  caveat: {row['caveat']}"] if row["caveat"] else []
    if row["verdict"] == "not compared":
        return [f"  comparator: {row['comparator']}; not compared", *said]
    top, bottom = (int(row[f"comparator_{part}"]) for part in ("numerator", "denominator"))
    basis = str(row["comparator_basis"]).replace("_", " ")
    units = "" if pd.isna(row["comparator_units"]) else f", {int(row['comparator_units']):,} summed"
    figure, gap = _of_shown(top, bottom, card, policy), ""
    if policy.shows_all:
        figure = f" = {_scaled(row['comparator_value'], card)}"
        gap = (
            f"{_scaled(row['difference'], card)} "
            f"({_scaled(row['difference_lower'], card)} to "
            f"{_scaled(row['difference_upper'], card)}): "
        )
    lines = [
        (
            f"  comparator: {_whom(row)} {policy.show(top)} / {policy.show(bottom)}{figure} "
            f"({basis}{units})"
        ),
        f"  difference: {gap}{row['verdict']}; under rounding: {row['rounding']}",
    ]
    # How far a verdict is from turning gives exact counts away, so it is shown with them alone.
    turns = other_verdicts(row, card) if policy.shows_all and card is not None else ""
    if turns:
        lines.append(f"  would change: {turns}")
    return lines + said


def _whom(row: pd.Series[Any]) -> str:
    level, code = str(row["comparator"]), str(row["comparator_code"])
    if level == "similar":
        return f"practices {code}"
    name = level_named(level).name
    return name if code.casefold() == level else f"{name} {code}"


def _origin(
    row: pd.Series[Any],
    extracts: Sequence[Extract],
    geo: Geography | None,
    counts: pd.DataFrame | None,
    policy: Policy,
) -> list[str]:
    sources = [_file(part, extracts) for part in str(row["source"]).split(" + ")]
    if not pd.isna(row["source_row"]):
        name, rest = sources[0]
        return [f"  source: {name} › row {int(row['source_row'])}{rest}"]
    lines = [f"  source: summed from {name}{rest}" for name, rest in sources]
    if geo is None or counts is None or pd.isna(row["as_at"]):
        return lines
    same = counts[
        (counts["measure"] == row["measure"]) & (counts["period_end"] == row["period_end"])
    ]
    placed = geo.placements(same, to=str(row["org_level"]), as_at=row["as_at"].date())
    members = placed.loc[placed["parent_code"] == row["org_code"], "org_code"]
    own = same[same["org_code"].isin(members)].sort_values("org_code")
    lines.append(f"  members on {row['as_at']:%Y-%m-%d}: {len(own):,}")
    for _, each in own.head(_MOST_MEMBERS).iterrows():
        top, bottom = (_count(each, part, policy) for part in ("numerator", "denominator"))
        lines.append(f"    {each['org_code']}: {top} / {bottom}, row {each['source_row']}")
    if len(own) > _MOST_MEMBERS:
        lines.append(f"    and {len(own) - _MOST_MEMBERS:,} more")
    return lines


def _file(source: str, extracts: Sequence[Extract]) -> tuple[str, str]:
    """File › sheet, and what read it; the source id where no extract has it."""
    identity, _, sheet = source.partition("#")
    for extract in extracts:
        if extract.provenance.id == identity:
            inside = f" › '{sheet}'" if sheet else ""
            origin = extract.provenance
            read_by = f"{origin.adapter} {origin.adapter_version}"
            told = f" (SHA-256 {origin.sha256[:12]}…, read by {read_by})"
            return f"{origin.file}{inside}", told
    return source, ""

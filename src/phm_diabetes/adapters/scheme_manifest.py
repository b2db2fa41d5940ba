"""Manifests of local schemes: TOML, or a CSV of indicators, and all that can be wrong in one."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from attrs import fields

from phm_diabetes.adapters.ranges import Rounding
from phm_diabetes.adapters.schemes import COMPARABILITY, LocalIndicator, Scheme
from phm_diabetes.errors import OptionError, SourceReadError, did_you_mean
from phm_diabetes.files import reach
from phm_diabetes.model.measures import Polarity

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["MANIFEST", "scheme_of"]

_OF_SCHEME = tuple(each.name for each in fields(Scheme))
_OF_INDICATOR = tuple(each.name for each in fields(LocalIndicator))
_NEEDED = ("place", "dataset", "title", "edition", "reviewed", "practice_header", "indicators")
_TUPLES = ("practice_header", "footers", "missing")
_DATES = ("reviewed", "valid_from", "valid_to")

MANIFEST = """\
# A local scheme for phm_diabetes: what its workbooks count, and where it stands in them.
# Change what is here to what your workbook says, save it as UTF-8, and load with
#   phm.load("workbook.xlsx", adapter="this-file.toml", geo=geo, period="2024-25")
place = "dudley"
dataset = "dqof"
title = "Dudley Quality Outcomes for Health"
edition = "2024-25"             # of the scheme's rules
reviewed = 2026-11-27           # day a person last checked this file
practice_header = ["Practice", "Practice name"]
practices = "name"              # or "code"
header_rows = 2                 # two where indicators are merged over Number and Eligible
header_within = 10              # the header stands somewhere in the first so many rows
footers = ["total.*", "source.*", "notes?.*"]
missing = ["#N/A", "#DIV/0!", ""]
# hidden = { "*" = [1, 7] }     # what each symbol can stand for
# rounding = { to = 5 }

[[indicators]]
id = "DQ01"
description = "People whose blood pressure was checked in the year."
sheet = "Checks"                # regular expression of the sheet's whole name
numerator = "Blood pressure / Number"
denominator = "Blood pressure / Eligible"
# exclusions = "Blood pressure / Excepted"
direction = "higher"            # higher, lower or neither is better
valid_from = 2016-04-01
# valid_to = 2025-03-31
national = "dm.cp.bp"           # id of the nearest national measure
comparability = "partial"       # none, partial or full
difference = "ages 17 and over; the national audit counts every age."
"""
"""A manifest to start from; `write_template` writes it."""


def scheme_of(path: str | os.PathLike[str], **layout: Any) -> Scheme:  # noqa: ANN401 - of any field
    r"""Return the scheme that a manifest describes.

    Parameters
    ----------
    path
        TOML, with the fields of :class:`~phm_diabetes.adapters.schemes.Scheme`; or a CSV with
        one row an indicator and a column for each of its fields.
    **layout
        Fields of the scheme that the file does not hold, as no CSV does.

    Raises
    ------
    SourceReadError
        When the file cannot be read.
    OptionError
        Listing everything that is wrong in it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "dqof.toml"
    ...     _ = path.write_text(MANIFEST, encoding="utf-8")
    ...     scheme_of(path).indicators[0].national
    'dm.cp.bp'
    """
    where = Path(path).name
    text = _text(where, path)
    given = _of_csv(text) if where.casefold().endswith(".csv") else _of_toml(where, text)
    given = layout | given
    faults = list(_faults(given))
    if not faults:
        scheme = _built(given)
        faults = list(_wrong_together(scheme))
        if not faults:
            return scheme
    message = f"{where} is no manifest of a local scheme: {'; '.join(faults).rstrip('.')}."
    raise OptionError(message)


def _text(where: str, path: str | os.PathLike[str]) -> str:
    reason = "Check the path"
    try:
        return reach(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        reason = "there is no such file. Check the path"
    except UnicodeError:
        reason = "it is not UTF-8 text. Save it again as UTF-8"
    except OSError as error:
        reason = f"{error.strerror or 'the system refuses'}. Check the path"
    message = f"{where} cannot be read: {reason}."
    raise SourceReadError(message)


def _of_toml(where: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{where} is not TOML: {error}. Put the text of a value in quotation marks."
    raise OptionError(message)


def _of_csv(text: str) -> dict[str, Any]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    kept = [{key: each.strip() for key, each in row.items() if key and each} for row in rows]
    return {"indicators": [{k: each for k, each in row.items() if each} for row in kept if row]}


def _faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the fields, each by itself."""
    for name in given:
        if name not in _OF_SCHEME:
            yield f"'{name}' is no field of a scheme.{did_you_mean(name, _OF_SCHEME)}"
    for name in _NEEDED:
        if not given.get(name):
            yield f"{name} is needed"
    yield from _wrong_days("", given)
    yield from _wrong_words(given)
    yield from _wrong_figures(given)
    patterns = [given.get("sheet"), *_words(given.get("footers", ()))]
    yield from _wrong_patterns("sheet or footers", patterns)
    indicators = given.get("indicators", ())
    if not isinstance(indicators, list) or not all(isinstance(each, dict) for each in indicators):
        yield "indicators must be [[indicators]], one block each"
        return
    for spot, each in enumerate(indicators, start=1):
        yield from (f"indicator {each.get('id') or spot}: {fault}" for fault in _of_one(each))


def _wrong_words(given: Mapping[str, Any]) -> Iterator[str]:
    for name in ("place", "dataset"):
        if given.get(name) and re.fullmatch(r"[a-z][a-z0-9_]*", str(given[name])) is None:
            yield f"{name} must be lower-case letters, digits and underscores"
    if given.get("practices", "name") not in {"name", "code"}:
        yield "practices must be 'name' or 'code'"
    for name in ("header_rows", "header_within"):
        if not isinstance(given.get(name, 1), int) or given.get(name, 1) < 1:
            yield f"{name} must be a whole number from 1"


def _wrong_figures(given: Mapping[str, Any]) -> Iterator[str]:
    hidden = given.get("hidden", {})
    pairs = hidden.values() if isinstance(hidden, dict) else [None]
    if not all(isinstance(each, (list, tuple)) and len(each) == len("ab") for each in pairs):
        yield 'hidden must be such as { "*" = [1, 7] }'
    if given.get("rounding") is not None and _rounding(given["rounding"]) is None:
        yield "rounding must be such as { to = 5 } or { to = 5, small = [1, 7] }"


def _wrong_patterns(what: str, patterns: Sequence[str | None]) -> Iterator[str]:
    for each in patterns:
        try:
            re.compile(each or "")
        except re.error:
            yield f"{what} holds '{each}', which is no regular expression"


def _wrong_days(what: str, given: Mapping[str, Any]) -> Iterator[str]:
    for name in _DATES:
        if given.get(name) is not None and _day(given[name]) is None:
            yield f"{what}{name} must be a day, such as 2024-04-01"


def _of_one(given: Mapping[str, Any]) -> Iterator[str]:
    for name in given:
        if name not in _OF_INDICATOR:
            yield f"'{name}' is no field of an indicator.{did_you_mean(name, _OF_INDICATOR)}"
    for name in ("id", "description"):
        if not given.get(name):
            yield f"{name} is needed"
    yield from _wrong_days("", given)
    yield from _wrong_patterns("sheet", [given.get("sheet")])
    if given.get("direction", "higher") not in get_args(Polarity):
        yield f"direction must be one of {', '.join(get_args(Polarity))}"
    comparability = given.get("comparability", "none")
    if comparability not in COMPARABILITY:
        yield f"comparability must be one of {', '.join(COMPARABILITY)}"
    elif comparability != "none" and not given.get("national"):
        yield f"comparability {comparability} needs national, the id of the measure"
    elif comparability == "partial" and not given.get("difference"):
        yield "comparability partial needs difference: how it differs, in a sentence"


def _wrong_together(scheme: Scheme) -> Iterator[str]:
    """Yield what is wrong with fields that must fit each other."""
    ids = [scheme.measure_of(each) for each in scheme.indicators]
    for each in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"two indicators have the measure id {each}"
    for one in scheme.indicators:
        yield from _wrong_of_one(scheme, one)
    if scheme.is_long and not (scheme.numerator_header and scheme.denominator_header):
        yield "indicator_header needs numerator_header and denominator_header"


def _wrong_of_one(scheme: Scheme, each: LocalIndicator) -> Iterator[str]:
    if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
        yield f"indicator {each.id}: valid_to is before valid_from"
    if scheme.is_long and (each.numerator or each.denominator):
        yield f"indicator {each.id}: indicator_header is given, so it has no columns of its own"
    if not scheme.is_long and not (each.numerator and each.denominator):
        yield f"indicator {each.id}: numerator and denominator are needed, as headers"


def _built(given: Mapping[str, Any]) -> Scheme:
    stated = dict(given)
    stated["reviewed"] = _day(stated["reviewed"])
    for name in _TUPLES:
        if name in stated:
            stated[name] = _words(stated[name])
    if "hidden" in stated:
        stated["hidden"] = {
            key: (int(low), int(high)) for key, (low, high) in stated["hidden"].items()
        }
    stated["rounding"] = _rounding(stated.get("rounding"))
    stated["indicators"] = tuple(_indicator(one) for one in stated["indicators"])
    return Scheme(**stated)


def _indicator(given: Mapping[str, Any]) -> LocalIndicator:
    stated: dict[str, Any] = {
        key: _day(each) if key in _DATES else each for key, each in given.items()
    }
    return LocalIndicator(**stated)


def _words(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _day(given: object) -> date | None:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def _rounding(given: object) -> Rounding | None:
    if given is None or isinstance(given, Rounding):
        return given
    try:
        return Rounding(**given)  # type: ignore[arg-type]
    except (TypeError, ValueError, IndexError):
        return None

"""The one suite that every executor is put through: it agrees with the oracle to the row."""

from __future__ import annotations

import random
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd
from tests.records_suite.oracle import Oracle, Table
from tests.records_suite.planted_layouts import (
    CLINIC,
    CLINIC_TEXTS,
    CONTACTS,
    CONTACTS_TEXTS,
)

from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS, Policy
from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Total, Where
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY, Grouping, Plan
from phm_diabetes.records.reading import day_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phm_diabetes.records.plan import Executor
    from phm_diabetes.records.survey import Survey

    ExecutorOf = Callable[[Table], Executor]

POLICIES = (
    PUBLISHED,
    SMALL_NUMBERS,
    Policy(name="1-2 hidden, rounded to 4", hide_up_to=2, round_to=4),
)
_APRIL = Period(start=date(2023, 4, 1), end=date(2023, 4, 30))
_MAY = Period(start=date(2023, 5, 1), end=date(2023, 5, 31))
_YEAR = Period.financial_year("2023-24")
_BEFORE = Period.financial_year("2022-23")
_SEEN = Where(column="visit", isin=("first", "follow_up"))
_TOES = Where(column="procedures", starts=("X09", "X10"))

CLINIC_PLANS = (
    Plan(
        by=("visit", "medium"),
        measures=(
            RecordMeasure(
                id="first", definition="planted:first", numerator=Rows(where=(_SEEN,)),
                denominator=Rows(),
            ),
            RecordMeasure(id="people", definition="planted:people", numerator=Distinct()),
            RecordMeasure(
                id="spend", definition="planted:spend", numerator=Total(),
                denominator=Rows(where=(Where(column="cost_pence", least=1),)),
            ),
        ),
        groupings=(
            Grouping(level="practice", column="practice", spans=(_APRIL, _YEAR, _MAY)),
            Grouping(
                level="pcn", column="practice", spans=(_YEAR, _BEFORE),
                parents=({"A12345": "U1", "B12345": "U1", "it's": "U2"}, {"A12345": "U2"}),
            ),
            Grouping(level="trust", column="provider", spans=(_YEAR,)),
        ),
    ),
    Plan(
        by=(AGE_BAND, WEEKDAY, "sex", "imd_quintile", "treatment_function"),
        bands=("0-16", "17-64", "65+"),
        measures=(
            RecordMeasure(
                id="spells", definition="planted:spells",
                numerator=Distinct(column="spell", where=(_TOES,)),
                denominator=Distinct(column="spell"),
                where=(Where(column="age", least=1, most=100, negated=True),),
            ),
            RecordMeasure(
                id="wait", definition="planted:wait", numerator=Total(column="wait"),
                denominator=Distinct(), where=(Where(column="practice", starts=("A", "B")),),
            ),
            RecordMeasure(
                id="unclustered", definition="planted:unclustered", clustered=False,
                numerator=Rows(where=(Where(column="procedures", isin=("X093",), negated=True),)),
                denominator=Rows(where=(Where(column="practice", isin=("",), negated=True),)),
            ),
        ),
        groupings=(Grouping(level="all", column="practice", spans=(_YEAR, _BEFORE),
                            parents=(dict.fromkeys(("A12345", "B12345"), "E1"), {})),),
    ),
    Plan(
        by=(),
        measures=(
            RecordMeasure(
                id="late", definition="planted:late",
                numerator=Rows(where=(
                    Where(column="referral_date", most=day_number("2023-03-01")),
                    Where(column="provider", isin=("RBN",), starts=("RV", "\u00e9")),
                )),
                where=(Where(column="wait", least=10, negated=True),),
            ),
        ),
        groupings=(
            Grouping(level="practice", column="practice", spans=(_YEAR,)),
            Grouping(level="none", column="provider", spans=()),
        ),
    ),
)  # fmt: skip

CONTACTS_PLANS = (
    Plan(
        by=("team",),
        measures=(
            RecordMeasure(
                id="minutes", definition="planted:minutes", numerator=Total(column="minutes"),
                denominator=Rows(where=(Where(column="minutes", least=10),)),
            ),
            RecordMeasure(
                id="contacts", definition="planted:contacts", numerator=Distinct(column="contact"),
            ),
        ),
        groupings=(
            Grouping(level="practice", column="practice", spans=(_YEAR, _APRIL)),
            Grouping(level="pcn", column="practice", spans=(_APRIL,),
                     parents=({"it's": "O'Neil", "unregistered": "nobody's"},)),
        ),
    ),
)  # fmt: skip

_CLINIC_FRAME = (
    "appointment_id", "person", "date", "referral_date", "sex", "imd_quintile", "age", "wait",
    "practice", "provider", "treatment_function", "cost_pence", "spell", "visit", "medium",
    "procedures", "first_code",
)  # fmt: skip
_CONTACTS_FRAME = ("contact", "seen", "practice", "team", "minutes")


def planted_table(layout: object, *, rows: int, seed: int = 6) -> Table:
    """Return a table with every text of every header once, and many rows more, some copied."""
    drawn = random.Random(seed)  # noqa: S311 - planted, not secret
    texts = CLINIC_TEXTS if layout is CLINIC else CONTACTS_TEXTS
    headers = tuple(name for name in texts if name not in {"ID", "ENCRYPTED_HESID"})
    keys = [name for name in headers if name in {"ATTENDKEY", "contact  id", "Minutes"}]
    made: list[dict[str, str | None]] = []
    for _ in range(rows):
        odd = drawn.randrange(2 * len(headers))
        row = {
            name: drawn.choice(texts[name] if at == odd else texts[name][:3])
            for at, name in enumerate(headers)
        }
        row |= {name: str(drawn.randrange(9 * rows)) for name in keys if drawn.random() < 0.9}
        made.append(dict(drawn.choice(made)) if made and drawn.random() < 0.05 else row)
    for name in headers if rows else ():
        good = {each: texts[each][at % 2] for at, each in enumerate(headers)}
        made += [
            {**good, keys[0]: f"{headers.index(name)}T{at}", name: text}
            for at, text in enumerate(texts[name])
        ]
    kept = CLINIC if layout is CLINIC else CONTACTS
    options = {"imd_vintage": "2019"} if layout is CLINIC else {}
    return Table(layout=kept, headers=headers, rows=made, options=options)


SHARED_TABLES = (
    planted_table(CLINIC, rows=200),
    planted_table(CONTACTS, rows=60),
    planted_table(CLINIC, rows=0),
)
"""Tables that every engine counts alike, and one without a row."""


def plans_of(table: Table) -> tuple[Plan, ...]:
    """Return what is counted of a table."""
    return CLINIC_PLANS if table.layout is CLINIC else CONTACTS_PLANS


def check(
    executor_of: ExecutorOf, table: Table, *, asked: Sequence[tuple[Plan, Policy]] | None = None
) -> None:
    """Put an executor through everything, or through some plans and policies."""
    oracle, executor = Oracle(table), executor_of(table)
    check_survey(executor.survey(), oracle.survey())
    for plan, policy in product(plans_of(table), POLICIES) if asked is None else asked:
        found, survey = executor.tally(plan, egress=policy)
        check_survey(survey, oracle.survey())
        check_tally(found, oracle.tally(plan, egress=policy))
    columns = _CLINIC_FRAME if table.layout is CLINIC else _CONTACTS_FRAME
    check_frame(executor.frame(columns, most=len(table.rows) + 1), oracle.frame(columns), columns)


def check_survey(found: Survey, wanted: Survey) -> None:
    """Hold what became of every row against the oracle."""
    assert (found.rows_read, found.rows_used) == (wanted.rows_read, wanted.rows_used)
    theirs = {(each.rule, each.column): each for each in found.findings}
    ours = {(each.rule, each.column): each for each in wanted.findings}
    assert len(theirs) == len(found.findings)
    assert {key: (each.rows, each.sets_aside) for key, each in theirs.items()} == {
        key: (each.rows, each.sets_aside) for key, each in ours.items()
    }
    for key, each in ours.items():
        if each.message:  # those of duplicates are the executors' own
            said = (theirs[key].message, theirs[key].advice, theirs[key].severity)
            assert said == (each.message, each.advice, each.severity)


def check_tally(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Hold the cells against the oracle's: their order, figures and types."""
    assert list(found.columns) == list(wanted.columns)
    assert _plain(found) == _plain(wanted)
    whole = found.columns[list(found.columns).index("numerator") :]
    assert {name: str(found[name].dtype) for name in whole} == dict.fromkeys(whole, "Int64")


def check_frame(
    found: pd.DataFrame, wanted: list[tuple[object, ...]], columns: Sequence[str]
) -> None:
    """Hold the used rows against the oracle's; an engine without an order has no row numbers."""
    assert list(found.columns) == ["source_row", *columns]
    rows = [(row[0], *map(_value, row[1:])) for row in wanted]
    theirs = [tuple(map(_value, row)) for row in found.itertuples(index=False)]
    if found["source_row"].isna().all():
        theirs = sorted((row[1:] for row in theirs), key=str)
        assert theirs == sorted((row[1:] for row in rows), key=str)
    else:
        assert theirs == rows


def _plain(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(map(_value, row)) for row in table.itertuples(index=False)]


def _value(cell: object) -> object:
    """Return a cell without its type: a missing or empty one, a day as a number, codes joined."""
    if isinstance(cell, tuple):
        cell = " ".join(word for word in cell if word)
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or cell == "":  # noqa: PLR0124 - NaN
        return None
    if isinstance(cell, date):  # a pandas timestamp is one
        return day_number(date(cell.year, cell.month, cell.day))
    return cell if isinstance(cell, str) else int(cell)

"""Missing again: which part of the appointments missed is missed by the same people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.disease_areas.hospital_codes import CORE
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period
from phm_diabetes.records.absent import refuse_absent
from phm_diabetes.records.code_lists import where_listed
from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Where
from phm_diabetes.records.meeting import meets
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY
from phm_diabetes.records.remaking import remade
from phm_diabetes.records.tallying import allowed_policy, tally
from phm_diabetes.schemas.words import stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.disease_areas.hospital_codes import CodeList
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.opened import Records
    from phm_diabetes.schemas.counts import Counts

__all__ = ["repeat_missed"]

_MISSED = Where(column="attendance", isin=("missed",))
_KNOWN = Where(column="known", least=1)


def repeat_missed(  # noqa: PLR0913 - as a tally
    records: Records,
    *,
    periods: str | Period | Sequence[str | Period],
    to: str | Sequence[str] = "practice",
    by: Sequence[str] = (),
    least: int = 2,
    functions: CodeList = CORE,
    area: str = "dm",
    geo: Geography | None = None,
    as_at: str | date = "period_end",
    bands: Sequence[str] = (),
    egress: Policy | None = None,
    reason: str = "",
) -> DataFrame[Counts]:
    """Count the appointments missed by people who missed several in the period.

    Each person's missed appointments are counted exactly, over the whole of the source and the
    period, whichever practice, clinic or trust they were of. Records are held in memory, and stay
    where they lie; only counts leave.

    Parameters
    ----------
    records
        Outpatient appointments, as :func:`phm_diabetes.open_records` gives them.
    periods, to, by, geo, as_at, bands, egress, reason
        As :func:`phm_diabetes.tally` takes them.
    least
        Missed appointments from which on a person is a repeat non-attender: 2 or more.
    functions
        Treatment functions.
    area
        Beginning of the measures' ids.

    Returns
    -------
    DataFrame[Counts]
        ``op_dna_repeat``: appointments missed by such people, of all missed by people who are
        known. ``op_dna_people``: such people, of all people who missed any. ``op_dna_unlinked``:
        missed by nobody known, of all missed; these are in neither of the other two.

    Raises
    ------
    OptionError
        When `least` is under 2, the source has no people or they were dropped, or as
        :func:`phm_diabetes.tally`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> table = pd.DataFrame({
    ...     "ATTENDKEY": list("abcdef"), "APPTDATE": "2023-05-02", "ATTENDED": list("337335"),
    ...     "TRETSPEF": "307", "PROCODET": "RNA00", "GPPRAC": "Y99001", "FIRSTATT": "1",
    ...     "TOKEN_PERSON_ID": [number * 32 for number in "112345"]})
    >>> records = phm.open_records(table, adapter="england.hes_op")
    >>> found = phm.repeat_missed(records, periods="2023-24", to="trust",
    ...                           egress=phm.Policy(name="planted"), reason="planted rows")
    >>> found[["measure", "numerator", "denominator"]].values.tolist()
    [['dm.op_dna_repeat', 2, 5], ['dm.op_dna_people', 1, 4], ['dm.op_dna_unlinked', 0, 5]]
    """
    if least < 2:  # noqa: PLR2004 - once is not again
        message = f"least= is {least}; a repeat non-attender has missed 2 or more."
        raise OptionError(message)
    policy = allowed_policy(records, egress, reason)
    layout = records.layout
    by = [by] if isinstance(by, str) else list(by)
    words = [name for name in by if name not in {AGE_BAND, WEEKDAY}]
    numbers = ["age"] if AGE_BAND in by else []
    held = {column.name for column in layout.columns} | {made.name for made in layout.derived}
    wanted = [*words, *numbers, "person", "attendance", "treatment_function"]
    lacking = [name for name in wanted if name not in held]
    if lacking:
        message = f"'{layout.name}' has no column '{lacking[0]}', which is needed here."
        raise OptionError(message)
    refuse_absent(records.executor.resolved, ["person"], what="Repeat non-attenders")
    words = list(dict.fromkeys([*layout.organisations.values(), *words]))
    clinics = where_listed("treatment_function", functions)
    asked = [*words, *numbers, "person", "attendance", "treatment_function", layout.day]
    rows = records.frame(list(dict.fromkeys(asked)))
    rows = rows[meets(rows, [_MISSED, clinics])].reset_index(drop=True)
    rows = rows.assign(
        appointment=rows["source_row"].astype(str), known=rows["person"].notna().astype(int)
    )
    measures = _measures(least, functions, area)
    given = [periods] if isinstance(periods, (str, Period)) else list(periods)
    found = []
    for each in given:
        span = Period.financial_year(each) if isinstance(each, str) else each
        days = rows[layout.day]
        inside = (days >= pd.Timestamp(span.start)) & (days <= pd.Timestamp(span.end))
        own = rows[inside.to_numpy()]
        people = pd.factorize(own["person"], use_na_sentinel=True)[0]
        missed = np.bincount(people[people >= 0], minlength=1)
        times = np.where(people < 0, 0, missed[np.maximum(people, 0)]) if len(own) else people
        again = remade(
            own.assign(times=times),
            layout,
            key="appointment",
            day=layout.day,
            organisations=layout.organisations,
            words=words,
            numbers=[*numbers, "known", "times"],
            sha256=records.sha256,
        )
        found.append(
            tally(
                again,
                measures=measures,
                periods=span,
                to=to,
                by=by,
                geo=geo,
                as_at=as_at,
                bands=bands,
                egress=policy,
                reason=reason,
            )
        )
    return stack(found)


def _measures(least: int, functions: CodeList, area: str) -> tuple[RecordMeasure, ...]:
    again = Where(column="times", least=least)
    rule = f"hes:DNA{{3,7}}>={least}:{functions.label}"
    return (
        RecordMeasure(
            id=f"{area}.op_dna_repeat",
            definition=rule,
            numerator=Rows(where=[_KNOWN, again]),
            denominator=Rows(where=[_KNOWN]),
        ),
        RecordMeasure(
            id=f"{area}.op_dna_people",
            definition=f"{rule}:people",
            numerator=Distinct(where=[again]),
            denominator=Distinct(),
        ),
        RecordMeasure(
            id=f"{area}.op_dna_unlinked",
            definition=f"hes:DNA{{3,7}} without a person:{functions.label}",
            numerator=Rows(where=[Where(column="known", most=0)]),
            denominator=Rows(),
        ),
    )

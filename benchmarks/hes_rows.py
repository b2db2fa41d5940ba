"""Outpatient records of any number for `hes.py`: the same on every machine, and of nobody.

Each cell is a hash of the row's number, so that any number of rows is written in the same time a
row. Needs DuckDB, which the ``dev`` extra installs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["written"]

_PEOPLE_SHARE = 3.2  # appointments a person
_PRACTICES = 6300

_ROWS = """
with numbers as (select i, (hash(i * 16 + 1) % {people})::bigint as p from range({rows}) t(i)),
chances as (
  select i, p, u(i, 2) a, u(i, 3) f, u(i, 4) t, u(i, 5) pr, u(i, 6) dt, u(p, 7) sx, u(p, 8) et,
    u(p, 9) ag, u(p, 10) im, u(i, 11) hr, u(i, 12) co, (hash(p * 16 + 15) % {practices})::int pi
  from numbers
)
select
  500000000000 + i as ATTENDKEY,
  upper(md5(p::varchar)) as TOKEN_PERSON_ID,
  (date '2023-04-01' + floor(dt * 366)::int)::varchar as APPTDATE,
  case when a < 0.70 then '5' when a < 0.78 then '6' when a < 0.86 then '3' when a < 0.88 then '7'
    when a < 0.94 then '2' else '4' end as ATTENDED,
  case when f < 0.22 then '1' when f < 0.72 then '2' when f < 0.80 then '3' else '4' end
    as FIRSTATT,
  ['307', '300', '110', '130', '320', '340', '501', '502', '101', '120'][1 + floor(t * 10)::int]
    as TRETSPEF,
  'R' || chr(65 + floor(pr * 26)::int) || chr(65 + floor((pr * 26 * 9) % 26)::int) as PROCODET,
  chr(65 + pi % 16) || lpad((81000 + (pi * 7) % 9000)::varchar, 5, '0') as GPPRAC,
  case when sx < 0.51 then '2' when sx < 0.995 then '1' else '9' end as SEX,
  ['A', 'A', 'A', 'A', 'B', 'C', 'D', 'F', 'H', 'J', 'M', 'N', 'P', 'R', 'S', 'Z']
    [1 + floor(et * 16)::int] as ETHNOS,
  case when ag < 0.004 then 7001 + floor(ag * 1500)::int else least(floor(ag * 100)::int, 104) end
    as APPTAGE,
  case when im < 0.01 then null else [
    'Most deprived 10%', 'More deprived 10-20%', 'More deprived 20-30%', 'More deprived 30-40%',
    'More deprived 40-50%', 'Less deprived 40-50%', 'Less deprived 30-40%', 'Less deprived 20-30%',
    'Less deprived 10-20%', 'Least deprived 10%'
  ][1 + floor((im - 0.01) / 0.99 * 9.9999)::int] end as IMD04_DECILE,
  ['WF01A', 'WF01B', 'WF02A', 'WF01C', 'WF02B'][1 + floor(hr * 5)::int] as SUSHRG,
  round(40 + co * 260, 2)::decimal(9, 2) as COST
from chances
"""


def written(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write rows as CSV and as Parquet, unless they are there, and return where."""
    csv, parquet = (folder / f"hes_{rows}.{kind}" for kind in ("csv", "parquet"))
    if csv.exists() and parquet.exists():
        return csv, parquet
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.execute("create macro u(i, s) as (hash(i * 16 + s) % 1000003) / 1000003.0")
    people = max(1000, int(rows / _PEOPLE_SHARE))
    query = _ROWS.format(rows=rows, people=people, practices=_PRACTICES)
    connection.execute(f"copy ({query}) to '{csv}' (header, delimiter ',')")
    connection.execute(
        f"copy ({query}) to '{parquet}' (format parquet, compression zstd, row_group_size 250000)"
    )
    return csv, parquet

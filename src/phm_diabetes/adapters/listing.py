"""Listing: problems as a person reads them, each said once with every row that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["problem_counts", "problem_lines", "row_words"]

_SEVERITIES = {"error": "error", "warning": "warning", "info": "note"}
_SAID_ALIKE = ["severity", "rule", "file", "sheet", "column", "message", "advice"]
_MOST_RUNS = 12


def row_words(rows: Sequence[int] | NDArray[np.int64], *, most: int = _MOST_RUNS) -> str:
    """Return row numbers in words, neighbours joined.

    Parameters
    ----------
    rows
        Row numbers, in any order.
    most
        How many single rows and runs to write before the rest is only counted.

    Examples
    --------
    >>> row_words([9, 3, 4, 5])
    'rows 3–5 and 9'
    >>> row_words([3, 7, 9, 11], most=2)
    'rows 3, 7 and 2 more'
    """
    numbers = np.unique(np.asarray(rows, dtype=np.int64))
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    words = [
        str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"
        for run in runs[: most if len(runs) > most else None]
        if len(run)
    ]
    left = len(numbers) - sum(len(run) for run in runs[: len(words)])
    if left:
        words.append(f"{left:,} more")
    joined = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"row {joined}" if len(numbers) == 1 else f"rows {joined}"


def problem_lines(problems: pd.DataFrame, *, most: int | None = None) -> list[str]:
    r"""Return each kind of problem once: where it is, what is wrong, and what to do.

    Parameters
    ----------
    problems
        A ``DataFrame[Problems]``.
    most
        How many kinds to write before the rest is only counted; all of them unless given.

    Returns
    -------
    list of str
        Errors first, then warnings, then notes, in each by sheet and first row; advice that
        several in a row share follows the last of them.

    Examples
    --------
    >>> import pandas as pd
    >>> alike = {"severity": "error", "rule": "whole number", "file": "a.csv", "sheet": "",
    ...     "rows": 1, "column": "REGISTER", "message": "is negative",
    ...     "advice": "Write a whole number.", "sets_aside": True}
    >>> print(*problem_lines(pd.DataFrame([{**alike, "row": 7}, {**alike, "row": 3}])), sep="\n")
    error: a.csv › rows 3 and 7 › REGISTER is negative.
        Write a whole number.
    """
    kinds = [
        (list(_SEVERITIES).index(str(key[0])), str(key[3]), _first(group), key, group)
        for key, group in problems.groupby(_SAID_ALIKE, observed=True, sort=False)
    ]
    ordered = sorted(kinds, key=lambda kind: kind[:3])[:most]
    lines: list[str] = []
    for spot, (*_, key, group) in enumerate(ordered):
        severity, _, file, sheet, column, message, advice = (str(part) for part in key)
        lines.append(
            f"{_SEVERITIES[severity]}: {_where(file, sheet, column, group)} {message}".rstrip(".")
            + f"{_many(group)}."
        )
        if spot + 1 == len(ordered) or ordered[spot + 1][3][-1] != advice:
            lines.append(f"    {advice}")
    if len(kinds) > len(ordered):
        lines.append(f"… and {len(kinds) - len(ordered):,} more kinds of problem.")
    return lines


def problem_counts(problems: pd.DataFrame) -> str:
    """Return how many problems there are of each severity, in words.

    Examples
    --------
    >>> import pandas as pd
    >>> problem_counts(pd.DataFrame({"severity": ["error", "warning", "error"]}))
    '2 errors, 1 warning'
    >>> problem_counts(pd.DataFrame({"severity": []}))
    'No problems'
    """
    found = problems["severity"].astype(str).value_counts()
    words = [
        f"{found[severity]:,} {word}{'s' if found[severity] != 1 else ''}"
        for severity, word in _SEVERITIES.items()
        if severity in found
    ]
    return ", ".join(words) or "No problems"


def _first(group: pd.DataFrame) -> float:
    """Return the first row, or past every row where the problem is about none."""
    row: Any = group["row"].min()
    return float("inf") if pd.isna(row) else float(row)


def _where(file: str, sheet: str, column: str, group: pd.DataFrame) -> str:
    rows = group["row"].dropna().to_numpy(dtype=np.int64)
    places = [file, f"'{sheet}'" if sheet else "", row_words(rows) if len(rows) else ""]
    where = " › ".join(place for place in places if place)
    return f"{where} › {column}" if column else f"{where}:"


def _many(group: pd.DataFrame) -> str:
    """Say how many rows a problem is about that is reported together."""
    together = int(group.loc[group["row"].isna(), "rows"].sum())
    return f" ({together:,} row{'s' if together != 1 else ''})" if together else ""

"""Texts that name nobody: nulls, junk NHS numbers, and ids that are used once only."""

from __future__ import annotations

__all__ = ["JUNK_NHS_NUMBERS", "NULLS", "ONE_TIME_ID", "ONE_TIME_ID_LENGTH"]

NULLS = frozenset({"&", "-", "NULL"})
"""Texts that mean nothing was recorded: the two of HES, and what databases write."""

ONE_TIME_ID = r"U[0-9A-Z]{0,9}"
"""A Person_ID that is used once only, untokenised; the tokens of an extract look all alike."""

ONE_TIME_ID_LENGTH = 10
"""Characters of the longest."""

JUNK_NHS_NUMBERS = frozenset(
    written
    for number in ("0000000000", "9999999999", "9876543210")
    for parts in [(number[:3], number[3:6], number[6:])]
    for written in (number, f"{int(number)}", f"{int(number)}.0", " ".join(parts), "-".join(parts))
)
"""Numbers that stand for no number, though their check digits fit, in every way of writing."""

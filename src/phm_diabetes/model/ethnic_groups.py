"""Ethnic groups: the five that national audits publish, by the NHS's ethnic category codes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ETHNIC_GROUPS"]

ETHNIC_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("ABCT", "white"),
        **dict.fromkeys("DEFG", "mixed"),
        **dict.fromkeys("HJKL", "asian"),
        **dict.fromkeys("MNP", "black"),
        **dict.fromkeys(("R", "S", "S1", "S2", "S3"), "other"),
    }
)
"""Group by ethnic category; what is not stated (Z) or not known is in none."""

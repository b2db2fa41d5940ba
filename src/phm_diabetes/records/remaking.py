"""Remade records: a table worked out from records, counted by the same tally as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.columns import Column
from phm_diabetes.records.digesting import Digest
from phm_diabetes.records.frame_blocks import FrameSource
from phm_diabetes.records.layout import RecordLayout
from phm_diabetes.records.opened import Records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["remade"]


def remade(
    rows: pd.DataFrame,
    like: RecordLayout,
    *,
    key: str,
    day: str,
    organisations: Mapping[str, str],
    words: Sequence[str],
    numbers: Sequence[str],
    sha256: str = "",
) -> Records:
    """Return records that a tally counts, from a table that was worked out from records.

    Parameters
    ----------
    rows
        Canonical columns, shape ``(n, k)``.
    like
        Layout of the records it came from, which gives title, source id and policy.
    key, day
        Columns of the record's key and of the day that decides the period.
    organisations
        Level by column.
    words, numbers
        Columns of few words, and of whole numbers.
    sha256
        Of what was read.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
    >>> stays = pd.DataFrame({"spell": ["1"], "person": ["P1"], "ended": pd.to_datetime(
    ...     ["2023-05-09"]), "practice": ["Y99001"], "nights": [7]})
    >>> made = remade(stays, ENGLAND_HES_APC, key="spell", day="ended",
    ...               organisations={"practice": "practice"}, words=["practice"],
    ...               numbers=["nights"])
    >>> made.survey().rows_used
    1
    """
    columns = (
        Column(name=key, sources=(key,), kind="id"),
        Column(name="person", sources=("person",), kind="id"),
        Column(name=day, sources=(day,), kind="date"),
        *(Column(name=name, sources=(name,), kind="text", blank="") for name in words),
        *(Column(name=name, sources=(name,), kind="integer") for name in numbers),
    )
    layout = RecordLayout(
        place=like.place,
        dataset=like.dataset,
        version=like.version,
        layout=like.layout,
        description=like.description,
        table=like.table,
        title=like.title,
        columns=columns,
        key=key,
        day=day,
        organisations=organisations,
        nulls=frozenset(),
        policy=like.policy,
    )
    source = FrameSource(rows[[column.name for column in columns]].reset_index(drop=True))
    executor = BlockExecutor(source, layout, progress=False)
    digest = Digest(lambda: sha256)
    return Records(layout=layout, executor=executor, file=like.name, digest=digest)

"""Identity: rows that say the same thing twice, and names that nothing installed knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.plugins import measure_cards
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["told_twice", "unknown_names"]


def told_twice(*tables: DataFrame[Counts]) -> DataFrame[Problems]:
    """Find figures that stand in more than one row, of one table or of several.

    Parameters
    ----------
    *tables
        Counts, such as those of two editions of a file.

    Returns
    -------
    DataFrame[Problems]
        An error where the whole key is the same: nothing says which is right. A warning where
        only the definition differs: the two are versions of one figure, and never summed.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "QOF", "measure": "copd.register", "definition": "qof:COPD:TOTAL",
    ...     "org_level": "practice", "org_code": "Y99001", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31", "numerator": 5, "source_row": 2}
    >>> told_twice(counts_from([row]), counts_from([row | {"source_row": 3}]))["row"].tolist()
    [2, 3]
    """
    parts = [as_counts(table, what="A table") for table in tables]
    names = sorted({str(name) for part in parts for name in part.columns})
    whole = pd.concat(
        [part.astype(object).reindex(columns=names, fill_value="all") for part in parts],
        ignore_index=True,
    )
    key = row_key(whole)
    full = _shared(whole, key)
    rest = _shared(whole, [name for name in key if name not in {"definition", "as_at"}]) & ~full
    return checks(
        noted(
            whole[full],
            severity="error",
            rule="told once",
            message="stands in more than one row: the same measure, organisation and period",
            advice="Load one edition of the file, or keep the newer; the library does not choose.",
        ),
        noted(
            whole[rest],
            severity="warning",
            rule="one definition",
            column="definition",
            message="stands beside the same figure under another definition",
            advice="Choose one definition before you compare or sum.",
        ),
    )


def _shared(table: pd.DataFrame, key: Sequence[str]) -> NDArray[np.bool_]:
    ids, _ = group_ids(table, key)
    return np.asarray(np.bincount(ids)[ids] > 1 if len(ids) else [], dtype=bool)


def unknown_names(
    counts: DataFrame[Counts], measures: DiseaseArea | Sequence[Measure] | None = None
) -> DataFrame[Problems]:
    """Find measures without a card, and definitions that their card does not list.

    Parameters
    ----------
    counts
        Any Counts.
    measures
        A disease area, a list of cards, or ``None`` for the installed areas.

    Returns
    -------
    DataFrame[Problems]
        A warning where cards of the same kind are known, so that the name is likely new or
        misspelled; info where none is, as with indicators that bring no cards.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> unknown_names(counts_from([{"dataset": "QOF", "measure": "copd.registers",
    ...     "definition": "qof:COPD:TOTAL", "org_level": "practice", "org_code": "Y99001",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31"}]))["column"].tolist()
    ['measure']
    """
    table = as_counts(counts, what="counts")
    cards = measure_cards(measures)
    kinds = {name.split(".")[0] for name in cards}
    listed = {name: {each.id for each in card.definitions} for name, card in cards.items()}
    found = []
    for (measure, definition), own in table.groupby(["measure", "definition"], observed=True):
        name = str(measure)
        if name not in cards:
            of_a_kind = name.split(".", maxsplit=1)[0] in kinds
            found.append(
                noted(
                    own,
                    severity="warning" if of_a_kind else "info",
                    rule="known measure",
                    column="measure",
                    message=f"'{name}' has no card"
                    + (", though others of its kind have" if of_a_kind else ""),
                    advice="Install the area that holds it, or pass its cards as measures=.",
                    counted=True,
                )
            )
        elif listed[name] and str(definition) not in listed[name]:
            found.append(
                noted(
                    own,
                    severity="warning",
                    rule="known definition",
                    column="definition",
                    message=f"'{definition}' is not among the definitions on the card of '{name}'",
                    advice="Read what changed before you compare it with earlier figures.",
                    counted=True,
                )
            )
    return checks(*found)

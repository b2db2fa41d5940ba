"""Cards: the card of each measure in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.errors import MeasureNotFoundError, did_you_mean
from phm_diabetes.plugins import measure_cards
from phm_diabetes.schemas.words import words_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["cards_of"]


def cards_of(
    table: pd.DataFrame, measures: DiseaseArea | Sequence[Measure] | None
) -> dict[str, Measure]:
    """Return the card of each measure in a table, by id.

    Parameters
    ----------
    table
        Anything with a ``measure`` column of categories.
    measures
        A disease area, a list of cards, or ``None`` for the installed areas.

    Raises
    ------
    MeasureNotFoundError
        When a measure has no card.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"measure": pd.Categorical(["copd.register"])})
    >>> cards_of(table, None)["copd.register"].kind
    'proportion'
    """
    known = measure_cards(measures)
    present = words_used(table["measure"])
    unknown = [name for name in present if name not in known]
    if unknown:
        message = (
            f"No card describes {', '.join(unknown)}, so its kind and unit are not known. "
            "Pass measures= a disease area that holds it." + did_you_mean(unknown[0], known)
        )
        raise MeasureNotFoundError(message)
    return {name: known[name] for name in present}

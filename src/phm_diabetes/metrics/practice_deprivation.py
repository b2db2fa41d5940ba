"""Practice-level deprivation: the mean of the areas that a practice's patients live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, StatisticsError, UnlikeError
from phm_diabetes.model.areas import LSOA_OF_SOME_CENSUS, is_english_lsoa
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.population import Population
    from phm_diabetes.schemas.scores import Scores

__all__ = ["deprivation_of_practices"]


def deprivation_of_practices(
    population: DataFrame[Population], scores: DataFrame[Scores], *, least_scored: float = 0.9
) -> DataFrame[Scores]:
    """Return the list-weighted mean score of the areas in which each practice's patients live.

    It is practice-level deprivation and not patients' deprivation: it says nothing of any one
    patient, nor of those with a disease, and its spread is far narrower than that of areas.

    Parameters
    ----------
    population
        People by practice and small area, as ``england.list_by_lsoa`` gives them, of one day.
    scores
        Scores of small areas, of one index and vintage, as ``england.imd`` gives them.
    least_scored
        Share of a practice's people who must live in an area that has a score; below it, as with
        many patients over the border, the practice has none [proportion].

    Returns
    -------
    DataFrame[Scores]
        One row a practice, with the vintage; index ``practice_level_<index>``. No rank and no
        tenth: those of areas do not hold for practices.

    Raises
    ------
    UnlikeError
        When the areas are of another census than the scores, or scores of several vintages or
        people of several days are mixed.
    OptionError
        When `least_scored` is not between 0 and 1.
    StatisticsError
        When the population does not say where people live, or splits them by age or sex.
    SchemaError
        When a table breaks its schema.

    Notes
    -----
    score = Σ people × score of area ÷ Σ people, over people who live in an area with a score.

    References
    ----------
    OHID, National General Practice Profiles: indicator 93553, deprivation score (IMD 2019).

    Examples
    --------
    >>> population = pd.DataFrame({"basis": "registered", "org_level": "practice",
    ...     "org_code": "Y99001", "area_level": "lsoa_2011", "sex": "all", "age_band": "all",
    ...     "area_code": ["E01000001", "E01000002"], "counted_on": pd.Timestamp("2021-01-01"),
    ...     "people": [30, 10], "source": "a", "source_row": [2, 3]})
    >>> scores = pd.DataFrame({"score_index": "imd", "vintage": "2019", "org_level": "lsoa_2011",
    ...     "org_code": ["E01000001", "E01000002"], "score": [6.0, 10.0], "rank": pd.NA,
    ...     "decile": pd.NA, "source": "b", "source_row": [2, 3]})
    >>> deprivation_of_practices(population, scores)[["score_index", "score"]].values.tolist()
    [['practice_level_imd', 7.0]]
    """
    from phm_diabetes.schemas.population import Population
    from phm_diabetes.schemas.scores import Scores

    if not 0 <= least_scored <= 1:
        message = f"least_scored= is a share from 0 to 1, not {least_scored}."
        raise OptionError(message)
    people = _by_area(checked(Population, population, what="population="))
    areas = checked(Scores, scores, what="scores=")
    index, vintage = _one_vintage(areas)
    _refuse_another_census(people, areas, vintage)
    found = areas["score"].to_numpy(np.float64)
    place = pd.Index(areas["org_code"].astype(object)).get_indexer(
        pd.Index(people["area_code"].astype(object))
    )
    score = np.where(place >= 0, found[place], np.nan)
    weight = people["people"].to_numpy(np.float64)
    practices = people["org_code"].astype(object)
    codes, units = pd.factorize(practices, sort=True)
    mean = _weighted(codes, len(units), score, weight, least_scored)
    sources = sorted({*people["source"].astype(str), *areas["source"].astype(str)})
    size = len(units)
    table = pd.DataFrame(
        {
            "score_index": repeated(f"practice_level_{index}", size),
            "vintage": repeated(vintage, size),
            "org_level": repeated("practice", size),
            "org_code": np.asarray(units, dtype=object),
            "score": mean,
            "rank": pd.array([pd.NA] * size, dtype="Int64"),
            "decile": pd.array([pd.NA] * size, dtype="Int64"),
            "source": repeated(" + ".join(sources), size),
            "source_row": pd.array([pd.NA] * size, dtype="Int64"),
        }
    )
    return checked(Scores, table, what="The practices' scores")


def _weighted(
    codes: NDArray[np.intp],
    size: int,
    score: NDArray[np.float64],
    weight: NDArray[np.float64],
    least_scored: float,
) -> NDArray[np.float64]:
    scored = ~np.isnan(score)
    own = np.bincount(codes, np.where(scored, weight, 0), minlength=size)
    total = np.bincount(codes, np.where(scored, score * weight, 0), minlength=size)
    everyone = np.bincount(codes, weight, minlength=size)
    enough = (own > 0) & (own >= least_scored * everyone)
    mean: NDArray[np.float64] = np.full(size, np.nan)
    np.divide(total, own, out=mean, where=enough)
    return mean


def _by_area(population: DataFrame[Population]) -> pd.DataFrame:
    """Everybody on the list of a practice, once, by area."""
    table = population[(population["org_level"] == "practice").to_numpy()]
    if not len(table) or (table["area_level"] == "").any():
        message = (
            "population= does not say where the patients of practices live. Load "
            "england.list_by_lsoa, which has one row a practice and area."
        )
        raise StatisticsError(message)
    days = table["counted_on"].unique()
    if len(days) > 1:
        message = f"population= holds the lists of {len(days)} days. Keep those of one."
        raise UnlikeError(message)
    everybody = table[((table["sex"] == "all") & (table["age_band"] == "all")).to_numpy()]
    if len(everybody) != len(table) or everybody.duplicated(["org_code", "area_code"]).any():
        message = (
            "population= counts people more than once, or in parts by age or sex. Keep the rows "
            "whose sex and age_band are 'all', one a practice and area."
        )
        raise StatisticsError(message)
    if everybody["people"].isna().any():
        message = (
            "population= hides how many people live in some areas, so no mean over all of them "
            "can be given."
        )
        raise StatisticsError(message)
    return everybody


def _one_vintage(areas: pd.DataFrame) -> tuple[str, str]:
    kinds = areas[["score_index", "vintage", "org_level"]].astype(str).drop_duplicates()
    if len(kinds) != 1:
        listed = "; ".join(" ".join(row) for row in kinds.to_numpy())
        message = f"scores= mixes vintages or levels ({listed or 'none'}). Keep one of them."
        raise UnlikeError(message)
    if areas["org_code"].duplicated().any():
        message = "scores= holds an area more than once. Pass the scores of one extract."
        raise UnlikeError(message)
    return str(kinds["score_index"].iloc[0]), str(kinds["vintage"].iloc[0])


def _refuse_another_census(people: pd.DataFrame, areas: pd.DataFrame, vintage: str) -> None:
    """Refuse people by areas of one census beside scores by areas of another."""
    stated: set[Any] = set(people["area_level"].astype(str))
    level = str(areas["org_level"].iloc[0])
    english = {code for code in people["area_code"].astype(str).unique() if is_english_lsoa(code)}
    strange = english - set(areas["org_code"].astype(str))
    if stated <= {level, LSOA_OF_SOME_CENSUS} and not strange:
        return
    of = ", ".join(sorted(stated))
    message = (
        f"People are counted by areas of level {of} and the scores of {vintage} are of level "
        f"{level}: {len(strange):,} English areas have no score. Use the vintage of the same "
        "census (IMD 2019 for areas of 2011, IMD 2025 for those of 2021), or first move people "
        "from one to the other by the ONS best-fit lookup of LSOA (2011) to LSOA (2021)."
    )
    raise UnlikeError(message)

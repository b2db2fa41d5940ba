"""A planted England: invented organisations and figures, written in the national layouts.

Nothing here is real. Every code and name is invented, and :func:`truth` says what was planted
among the figures, so that anyone can check what the library finds. :func:`write_review` adds a
Place's own files, planted so that a review finds what the Dudley review found by hand, and
:func:`review_truth` says what that is.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import phm_diabetes as phm
from phm_diabetes.demo.admitted import episode_rows, people_counts
from phm_diabetes.demo.episode_plants import EPISODE_YEARS, Admissions, planted_admissions
from phm_diabetes.demo.layouts import LAYOUTS, layout_bytes
from phm_diabetes.demo.organisations import PLACES
from phm_diabetes.demo.outpatient_plants import Outpatients
from phm_diabetes.demo.outpatients import (
    appointments,
    north_mersey_appointments,
    outpatients_truth,
)
from phm_diabetes.demo.plants import Plant, Truth, planted_truth
from phm_diabetes.demo.register_ages import AGE_BANDS, registers_by_age
from phm_diabetes.demo.review_files import REVIEW_FILES, REVIEW_PLACE, review_bytes
from phm_diabetes.demo.review_plants import Review, planted_review
from phm_diabetes.files import write_file

if TYPE_CHECKING:
    import os

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.schemas.counts import Counts

__all__ = [
    "AGE_BANDS",
    "EPISODE_YEARS",
    "PLACES",
    "REVIEW_PLACE",
    "YEAR",
    "Admissions",
    "Outpatients",
    "Plant",
    "Review",
    "Truth",
    "appointments",
    "england_geography",
    "episodes",
    "episodes_truth",
    "geography",
    "membership",
    "north_mersey_appointments",
    "outpatients_truth",
    "pcns",
    "people_at_risk",
    "practices",
    "registers",
    "registers_by_age",
    "review_truth",
    "truth",
    "write",
    "write_review",
]

YEAR = "2022-23"
"""The NHS year that the planted files cover."""


def _opened(file: str) -> io.BytesIO:
    opened = io.BytesIO(layout_bytes(file))
    opened.name = file
    return opened


def registers() -> io.BytesIO:
    r"""Return planted disease registers, in the layout of the QOF's raw prevalence file.

    Returns
    -------
    io.BytesIO
        An open file whose ``name`` is ``"PREVALENCE_2223.csv"``.

    Examples
    --------
    >>> registers().readlines()[1]
    b'Y99001,AF,365.0,TOTAL,18408\n'
    """
    return _opened("PREVALENCE_2223.csv")


def geography() -> io.BytesIO:
    """Return the planted practices' PCN, sub-ICB, ICB and region, as published with the QOF.

    Examples
    --------
    >>> geography().readline()[:24]
    b'NAT_ONS_CODE,NAT_CODE,NA'
    """
    return _opened("MAPPING_NHS_GEOGRAPHIES_2223.csv")


def practices() -> io.BytesIO:
    """Return planted practices and other prescribers, as the file epraccur lists them.

    Examples
    --------
    >>> practices().readline()[:29]
    b'"Y99001","PLANTED SURGERY 1",'
    """
    return _opened("epraccur.csv")


def membership() -> io.BytesIO:
    """Return the planted practices' commissioners, past and present, as the file epcmem.

    Examples
    --------
    >>> len(membership().readlines()) > 600
    True
    """
    return _opened("epcmem.csv")


def pcns() -> io.BytesIO:
    """Return planted PCNs and their core partner practices, as the workbook ePCN.

    Examples
    --------
    >>> pcns().name
    'ePCN.xlsx'
    """
    return _opened("ePCN.xlsx")


def england_geography() -> Geography:
    """Return the planted England's memberships, with its four Places.

    Examples
    --------
    >>> england_geography().organisation("place", "planted_sefton").name
    'Planted Sefton'
    """
    return phm.Geography.from_memberships(
        phm.load(geography(), adapter="england.qof_geography", period=YEAR),
        phm.load(membership(), adapter="england.ods_membership"),
        phm.load(practices(), adapter="england.ods_practices"),
        places=PLACES,
    )


def truth() -> Truth:
    """Return what was planted: every practice, and every departure from chance.

    Examples
    --------
    >>> print(truth().plants[1].words)
    One practice is low on both registers, in a PCN that is not.
    """
    return planted_truth()


def write(folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write every planted file into a folder, over what was there.

    Parameters
    ----------
    folder
        An existing folder.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    OutputError
        When a file cannot be written, for instance because it is open elsewhere.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write(folder)]
    ['PREVALENCE_2223.csv', 'MAPPING_NHS_GEOGRAPHIES_2223.csv', 'epraccur.csv', 'epcmem.csv',
     'ePCN.xlsx']
    """
    return tuple(write_file(Path(folder) / file, layout_bytes(file)) for file in LAYOUTS)


def review_truth() -> Review:
    """Return what was planted for the review, and whom it is to find.

    Examples
    --------
    >>> len(review_truth().low_on_checks), len(review_truth().to_visit)
    (9, 6)
    """
    return planted_review()


def write_review(folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write the planted review's files into a folder, over what was there.

    They are the national audit's, the QOF's and the local scheme's return of Planted Dudley, the
    scheme's manifest, and the memberships that say who is in it.

    Parameters
    ----------
    folder
        An existing folder.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    OutputError
        When a file cannot be written, for instance because it is open elsewhere.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_review(folder)]
    ['audit.csv', 'dqof.toml', 'qof.zip', 'return.xlsx', 'MAPPING_NHS_GEOGRAPHIES_2223.csv',
     'epcmem.csv', 'epraccur.csv']
    """
    return tuple(write_file(Path(folder) / file, review_bytes(file)) for file in REVIEW_FILES)


def episodes() -> pd.DataFrame:
    """Return planted episodes of admitted care of three years, in the national layout.

    Open them with ``phm.open_records(demo.episodes(), adapter="england.hes_apc",
    options={"imd_vintage": "2019"})``.

    Returns
    -------
    DataFrame
        One row an episode, all cells text; :func:`episodes_truth` says what was planted.

    Examples
    --------
    >>> list(episodes().columns[:3])
    ['EPIKEY', 'TOKEN_PERSON_ID', 'ADMIDATE']
    """
    return episode_rows().copy()


def episodes_truth() -> Admissions:
    """Return what was planted among the episodes.

    Examples
    --------
    >>> episodes_truth().major, episodes_truth().ratio
    (835, 2.0)
    """
    return planted_admissions()


def people_at_risk(*by: str) -> DataFrame[Counts]:
    """Return the people to whom the episodes happened, in each of the three years.

    Parameters
    ----------
    *by
        Dimensions: any of ``"age_band"``, ``"sex"``, ``"ethnicity"`` and ``"imd_quintile"``.

    Returns
    -------
    DataFrame[Counts]
        People with the condition, aged 17 and over, as the numerator of ``dm.register``, of
        England and each ICB, Place and PCN.

    Examples
    --------
    >>> sorted(people_at_risk("age_band")["age_band"].unique())
    ['17-39', '40-64', '65-79', '80+']
    """
    return people_counts(by)

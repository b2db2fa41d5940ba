"""Planted outpatients: records as Places pull them, from which the planted figures come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.demo.north_mersey import north_mersey_rows
from phm_diabetes.demo.outpatient_plants import planted_outpatients
from phm_diabetes.demo.outpatient_rows import appointment_rows

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.demo.outpatient_plants import Outpatients

__all__ = ["appointments", "north_mersey_appointments", "outpatients_truth"]


def appointments() -> pd.DataFrame:
    """Return planted outpatient appointments of Planted Dudley in 2022-23.

    They are in the columns of an ICB's mart of SUS, which the adapter ``dudley.hes_op`` reads:
    attended, missed and cancelled, of adults and children, with private patients, clock stops,
    copies and broken cells among them. :func:`outpatients_truth` says what was planted.

    Returns
    -------
    DataFrame
        One row an appointment, all cells text.

    Examples
    --------
    >>> list(appointments().columns[:3])
    ['Generated Record ID', 'SK_PatientID', 'Appointment Date']
    """
    return appointment_rows().copy()


def outpatients_truth() -> Outpatients:
    """Return what was planted among the appointments of Planted Dudley.

    Examples
    --------
    >>> truth = outpatients_truth()
    >>> f"{truth.first_pence / 100:,.2f} and {truth.follow_up_pence / 100:,.2f} pounds"
    '577,062.00 and 1,011,345.00 pounds'
    """
    return planted_outpatients()


def north_mersey_appointments() -> dict[str, pd.DataFrame]:
    """Return planted outpatient appointments of three Places, each in its own layout.

    Two trusts see their people in 2022-23. Planted Sefton's records still have the older code of
    one of them, which its adapter counts under the successor.

    Returns
    -------
    dict of DataFrame
        Records by the adapter that reads them, all cells text.

    Examples
    --------
    >>> sorted(north_mersey_appointments())
    ['knowsley.hes_op', 'liverpool.hes_op', 'sefton.hes_op']
    """
    return {adapter: rows.copy() for adapter, rows in north_mersey_rows().items()}

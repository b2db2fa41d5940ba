"""Dudley's outpatients, on an ICB's mart of SUS."""

from __future__ import annotations

from attrs import evolve

from phm_diabetes.records.layouts.sus_icb_mart import SUS_ICB_MART

__all__ = ["DUDLEY_HES_OP"]

DUDLEY_HES_OP = evolve(
    SUS_ICB_MART,
    place="dudley",
    dataset="hes_op",
    layout_of="sus.icb_mart",
    description=(
        "Outpatient appointments of people registered in Dudley. Assumed: the Place pulls them "
        "from its ICB's mart of SUS, with the payment in Tariff Total Payment National."
    ),
)
"""Dudley's extract."""

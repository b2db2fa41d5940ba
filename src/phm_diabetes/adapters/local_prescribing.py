"""What medicines cost each practice, on a stated cost basis, as a Place sums it up for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import coded, dates, matching
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.numbers import pence
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.adapters.spells import backwards
from phm_diabetes.disease_areas.prescribing_measures import PRESCRIBING
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["LocalPrescribing"]

_COLUMNS = {
    "practice": ("practice_code",),
    "start": ("first_day",),
    "end": ("last_day",),
    "section": ("bnf_section",),
    "basis": ("cost_basis",),
    "cost": ("cost",),
}
_BASES = {
    "nic": "nic",
    "net ingredient cost": "nic",
    "actual": "actual",
    "actual cost": "actual",
}
_KEY = ("practice", "start", "end", "basis")
(_CARD,) = PRESCRIBING
_DEFINITIONS = {each.id.rpartition(":")[2]: each.id for each in _CARD.definitions}


class LocalPrescribing(Adapter):
    r"""Reads a sum a practice, period and cost basis of what was prescribed and dispensed.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> file = io.StringIO(
    ...     "practice_code,first_day,last_day,bnf_section,cost_basis,cost\n"
    ...     'Y99001,2022-04-01,2023-03-31,6.1,actual,"418,000.00"\n'
    ... )
    >>> phm.load(file).table[["org_code", "definition", "numerator"]].values.tolist()
    [['Y99001', 'bnf:0601:actual', 41800000]]
    """

    place: ClassVar[str] = "local"
    dataset: ClassVar[str] = "prescribing"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "a table of spend: practice_code, first_day, last_day, bnf_section (6.1 or 0601), "
        "cost_basis (nic, the net ingredient cost, or actual) and cost in pounds."
    )
    description: ClassVar[str] = (
        "Spend on section 6.1 of the British National Formulary by practice, summed over a period "
        "from the published prescribing data. The cost basis is in the definition, so that list "
        "prices and costs after discount are never added up. The publication has no people."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (Signature(columns=tuple(_COLUMNS.values())),)
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - rows say their days
        """Turn a table of spend into counts of pence, one row a practice, period and basis."""
        rows = sheet.rows(_COLUMNS, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        start, faults = dates(cells["start"], headers["start"], empty_allowed=False)
        end, bad_ends = dates(cells["end"], headers["end"], empty_allowed=False)
        basis, bad_bases = coded(cells["basis"], headers["basis"], to=_BASES, what="cost basis")
        cost, bad_costs = pence(cells["cost"], headers["cost"])
        faults += bad_ends + bad_bases + bad_costs
        faults += malformed(cells["practice"], headers["practice"], GP_PRACTICE)
        faults += matching(
            cells["section"],
            headers["section"],
            pattern=r"0?6\.0?1|0?601",
            what="section 6.1 of the British National Formulary, which alone is counted",
            rule="section",
        )
        faults += backwards(start, end, headers["end"])
        read = cells.assign(start=start, end=end, basis=basis)
        faults += duplicates(sound(read, faults), _KEY, "practice, period and cost basis")
        faults += extra_columns(rows)
        words = list(_DEFINITIONS)
        spots = pd.Categorical(basis.astype(object), categories=words).codes
        table = pd.DataFrame(
            {
                "dataset": repeated(self.name, len(cells)),
                "measure": repeated(_CARD.id, len(cells)),
                "definition": worded(spots, [_DEFINITIONS[word] for word in words]),
                "org_level": repeated("practice", len(cells)),
                "org_code": cells["practice"].array,
                "period_start": start.array,
                "period_end": end.array,
                "numerator": cost.array,
                "numerator_low": cost.fillna(0).array,
                "numerator_high": cost.array,
                "source_row": cells.index,
            }
        )
        return Mapped(tables={"counts": table}, faults=faults, rows_read=len(cells))

"""How many practices stand out by Place on QOF registers, beside luck and reliability.

Run ``python examples/registers_by_place.py FOLDER``, where the folder holds PREVALENCE_2223.csv,
MAPPING_NHS_GEOGRAPHIES_2223.csv, epcmem.csv and epraccur.csv. Without a folder it looks in
``../shared/data``. It prints how many practices, and never which.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import phm_diabetes as phm
from phm_diabetes.outliers import Funnel, reliability

SHARED = Path(__file__).parents[2] / "shared" / "data"
PLACES = (phm.DUDLEY, phm.LIVERPOOL, phm.SEFTON, phm.KNOWSLEY)
MEASURES = ("dm.register", "ndh.register")


def file(pattern: str) -> Path:
    """Return the one file of the folder that fits."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    return next(iter(sorted(folder.rglob(pattern))))


mapping = phm.load(file("MAPPING_NHS_GEOGRAPHIES_*.csv"), adapter="england.qof_geography")
membership = phm.load(file("epcmem*.csv"), adapter="england.ods_membership")
practices = phm.load(file("epraccur*.csv"), adapter="england.ods_practices")
registers = phm.load(file("PREVALENCE_*.csv"), adapter="england.qof_prevalence")
geo = phm.Geography.from_memberships(mapping, membership, practices, places=PLACES)
counts = registers.table[registers.table["measure"].isin(MEASURES)]
where = geo.placements(counts, to="place", as_at="period_end").drop_duplicates("org_code")
place_of = dict(zip(where["org_code"], where["parent_code"], strict=True))
beyond = Funnel(overdispersion="SHMI")(phm.estimate(counts))
beyond["place"] = beyond["org_code"].map(place_of)


def told(measure: str, place: phm.Place, side: str) -> dict[str, object]:
    """Return how many practices of a Place stand out, by each way of looking."""
    own = counts[counts["measure"] == measure]
    members = own[own["org_code"].map(place_of) == place.code]
    found = phm.drill(
        own,
        geo=geo,
        measures=[measure],
        rule="all",
        england="sum_of_practices",
        within={"place": place.code},
        below="interval(0.95)" if side == "below" else None,
        above="interval(0.95)" if side == "above" else None,
    )
    luck = phm.expected_by_luck(found, seed=0).table.set_index("null")
    outside = beyond[(beyond["measure"] == measure) & (beyond["place"] == place.code)]
    by_funnel = outside["direction"] == {"below": "low", "above": "high"}[side]
    ranked = reliability(phm.estimate(members)).iloc[0]
    return {
        "measure": measure,
        "Place": place.name,
        "practices": len(members),
        "side": side,
        "found": len(found.reading.found),
        **{
            f"by luck ({null})": f"{row['expected']:.1f} ({row['lower']} to {row['upper']})"
            for null, row in luck.iterrows()
        },
        "hidden by gate": len(found.reading.hidden),
        "not gated": len(found.reading.not_gated),
        "beyond funnel": int((outside["flagged"] & by_funnel).sum()),
        "reliability": round(float(ranked["reliability"]), 2),
    }


summary = pd.DataFrame(
    [
        told(measure, place, side)
        for measure in MEASURES
        for place in PLACES
        for side in ("below", "above")
    ]
)
print(summary.to_string(index=False))
print("\nFound: beyond England at 95% at both gates, PCN and practice. By luck: how many the same")
print(
    "rule would find with every practice (a) at England's value, (b) at its Place's own. Only (b)"
)
print(
    "bears on which practice to visit: where a whole Place lies beyond, most of its practices do."
)
print(
    "Beyond funnel: 99.8% limits about England, over-dispersion allowed for. Reliability: share of"
)
print("the differences inside the Place that is real; it is not whether they are about care.")
print("Crude prevalence selects nobody for a visit: standardise for age first.")

"""Register prevalence of four Places at every level, from the files the NHS publishes.

Run ``python examples/four_places.py FOLDER``, where the folder holds PREVALENCE_2223.csv,
MAPPING_NHS_GEOGRAPHIES_2223.csv, epcmem.csv and epraccur.csv. Without a folder it looks in
``../shared/data``. It prints what it finds; nothing that it prints is stored here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import phm_diabetes as phm

SHARED = Path(__file__).parents[2] / "shared" / "data"
PLACES = (phm.DUDLEY, phm.LIVERPOOL, phm.SEFTON, phm.KNOWSLEY)
MEASURES = ["dm.register", "ndh.register"]
LEVELS = ("pcn", "place", "icb", "england")
SHOWN = ["org_level", "name", "numerator", "denominator", "value", "lower", "upper"]


def file(pattern: str) -> Path:
    """Return the one file of the folder that fits."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    return next(iter(sorted(folder.rglob(pattern))))


registers = phm.load(file("PREVALENCE_*.csv"), adapter="england.qof_prevalence")
mapping = phm.load(file("MAPPING_NHS_GEOGRAPHIES_*.csv"), adapter="england.qof_geography")
membership = phm.load(file("epcmem*.csv"), adapter="england.ods_membership")
practices = phm.load(file("epraccur*.csv"), adapter="england.ods_practices")
geo = phm.Geography.from_memberships(mapping, membership, practices, places=PLACES)
for extract in (registers, mapping, membership, practices):
    print(extract.provenance)

counts = registers.table[registers.table["measure"].isin(MEASURES)]
levels = geo.roll_up(counts, to=LEVELS, as_at="period_end")
estimates = phm.estimate(phm.stack([counts, levels]))
england = phm.compare(estimates, to="england", geo=geo, england="sum_of_practices")
icb = phm.compare(estimates, to="icb", geo=geo)

at_place = geo.placements(counts, to="place", as_at="period_end").drop_duplicates("org_code")
print("\nPractices by Place:", at_place["parent_code"].value_counts().to_dict())

names = {code: name for level in ("practice", *LEVELS) for code, name in geo.names(level).items()}
england["name"] = england["org_code"].astype(object).map(lambda code: names.get(code, code))
england["than ICB"] = icb["verdict"]
whose = {
    level: dict(zip(at_place["org_code"], at["parent_code"], strict=True))
    for level in ("pcn", "icb")
    for at in [geo.placements(counts, to=level, as_at="period_end").drop_duplicates("org_code")]
}
for measure in MEASURES:
    rows = england[england["measure"] == measure]
    for place in PLACES:
        members = at_place.loc[at_place["parent_code"] == place.code, "org_code"]
        codes = {place.code, "E92000001", *members}
        codes |= {parent for level in whose.values() for parent in members.map(level)}
        table = rows[rows["org_code"].isin(codes - {"unallocated"})]
        print(f"\n{measure}: {place.name}, its PCNs and practices, its ICB and England")
        print(table[[*SHOWN, "verdict", "than ICB"]].round(4).to_string(index=False))

for place in PLACES:
    found = phm.drill(
        counts,
        geo=geo,
        measures=["dm.register"],
        rule="all",
        below={"pcn": "interval(0.95)", "practice": "interval(0.95)"},
        england="sum_of_practices",
        within={"place": place.code},
        extracts=[registers, mapping],
    )
    print(f"\n{place.name}: {found}")
    shown = found.table[["name", "via_code", "numerator", "denominator", "value", "verdict"]]
    print(shown.round(4).to_string(index=False) if len(shown) else "  No practice found.")

print("\nCrude prevalence selects nobody for a visit: standardise for age first.")

"""Outpatients of a planted Place: who spends and attends more, on which basis, and what it hides.

Run ``python examples/outpatients.py``. Records, practices and figures are invented. What is
printed has been through the disclosure rule of hospital records: 1 to 7 hidden, rounded to 5.
"""

from __future__ import annotations

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.disease_areas.hospital_codes import CORE_PLUS_ENDO
from phm_diabetes.quality.booking import booked_apart
from phm_diabetes.records.outpatient_measures import (
    OP_ATTENDANCES,
    OP_DNA,
    OP_PEOPLE,
    OP_SPEND,
    OP_UNIT_COST,
    measures_of_outpatients,
)

LARGE = 86_000  # pounds a year
MANY = 0.22  # people seen for each on the register

geo = demo.england_geography()
records = phm.open_records(
    demo.appointments(),
    adapter="dudley.hes_op",
    options={
        "price_type": "national",
        "market_forces_factor": "included",
        "price_year": "2022-23",
        "imd_vintage": "2019",
    },
)
registers = phm.load(demo.registers(), adapter="england.qof_prevalence", period=demo.YEAR).table
people = phm.stack([registers, geo.roll_up(registers, to=["pcn", "place"], as_at="period_end")])


def tallied(*measures, to, by=()):  # noqa: ANN001, ANN002, ANN201 - a short script
    """Count the records of the year."""
    return phm.tally(records, measures=measures, periods=demo.YEAR, to=to, by=by, geo=geo)


survey = records.survey()
print(f"{survey.rows_read:,} rows: {survey.rows_used:,} used, {survey.rows_reported:,} reported.")

split = tallied(
    measures_of_outpatients(CORE_PLUS_ENDO).attendances, to="trust", by=["treatment_function"]
)
for message in booked_apart(split, own=["307", "263"], other=["302", "252"])["message"]:
    print(f"Before any ranking: {message}.")

print("\nSpend of the Place")
for row in tallied(OP_SPEND, to="place", by=["visit"]).itertuples():
    print(f"  {row.visit:<10}{row.numerator / 100:>15,.2f} pounds")
for row in phm.unit_costs(tallied(OP_UNIT_COST, to="place", by=["medium"])).itertuples():
    print(f"  {row.medium:<13}{row.unit_pence / 100:>8.2f} pounds each, {row.share:.0%} of visits")

print(f"\nPractices, of {tallied(OP_SPEND, to='practice')['org_code'].nunique()}")
counts = tallied(OP_SPEND, OP_PEOPLE, to=["practice", "place"])
total = counts[(counts["measure"] == "dm.op_spend") & (counts["org_level"] == "practice")]
print(f"  total above {LARGE:,} pounds: {(total['numerator'] > 100 * LARGE).sum()}")
for basis in ("register", "list"):
    held = phm.against(counts, people, measure="dm.register", basis=basis)
    found = phm.estimate(held)
    spend = found[found["measure"] == "dm.op_spend"]
    average = spend.loc[spend["org_level"] == "place", "value"].iloc[0]
    own = spend[spend["org_level"] == "practice"]
    large, dear = own["numerator"] > 100 * LARGE, own["value"] > average
    print(f"  spend per 1,000 on the {basis} above the Place's: {dear.sum()}; ", end="")
    print(f"by its interval as well: {(own['lower'] > average).sum()}")
    print(f"  both, on the {basis}: {(large & dear).sum()}")
    if basis == "register":
        seen = found[(found["measure"] == "dm.op_people") & (found["org_level"] == "practice")]
        print(f"  over {MANY:.0%} seen, against the register: {(seen['value'] > MANY).sum()}")

firsts = tallied(OP_ATTENDANCES, to="pcn", by=["visit", "medium"])
firsts = firsts[(firsts["visit"] == "first") & (firsts["medium"] == "face_to_face")]
held = phm.against(
    firsts[firsts["org_code"] != "unallocated"], people, measure="dm.register", basis="register"
)
shares = phm.share_of(held, against_need=True)
more = (shares["lower"] > 1).sum()
print(f"\nPCNs with more first visits in person than registers explain: {more} of {len(shares)}")

by = ["visit", "medium"]
costs = phm.unit_costs(tallied(OP_UNIT_COST, to="place", by=by), by=by)
missed = phm.cost_of_missed(tallied(OP_DNA, to="place", by=by), costs, by=by).iloc[0]
print(f"\nMissed: {missed['priced']:,}, {missed['cost_pence'] / 100:,.0f} pounds at tariff.")
print(f"  {missed['reading']}")
print("\nTo be said beside spend:")
for caveat in AREA["dm.op_spend"].caveats:
    print(f"- {caveat}")

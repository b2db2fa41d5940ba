"""A whole review on planted data: who is low, is it luck, is it stable, is it care or coding?

Run ``python examples/dudley_review.py``. It writes planted files in Dudley's own layouts to a
temporary folder, or to the folder that is named, and reads them back through Dudley's adapters.
Nothing in them is real.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import phm_diabetes as phm
from phm_diabetes import demo

CHECKS = ["dm.cp.hba1c", "dm.cp.bp", "dm.cp.cholesterol"]
DUDLEY = {"place": "dudley"}


def review(folder: Path) -> None:
    """Ask the review's questions of the files in a folder, and print the answers."""
    geo = phm.Geography.from_memberships(
        phm.load(folder / "MAPPING_NHS_GEOGRAPHIES_2223.csv"),
        phm.load(folder / "epcmem.csv"),
        phm.load(folder / "epraccur.csv"),
        places=[demo.REVIEW_PLACE],
    )
    audit = phm.load(folder / "audit.csv", adapter="dudley.nda", geo=geo)
    care, targets, feet = (
        phm.drill(
            audit.table,
            measures=measures,
            rule="all",
            below="point",
            geo=geo,
            within=DUDLEY,
            extracts=[audit],
        )
        for measures in (CHECKS, ["dm.tt3"], ["dm.cp.foot"])
    )
    shortlist = phm.recurrent({"care": care, "targets": targets, "feet": feet}, at_least=2)
    six = shortlist.shortlist(6)
    print(care, targets, care & targets, sep="\n\n")
    print(f"\n{six.beside(luck=phm.expected_by_luck(six), stability=phm.stability(six))}")

    scheme = phm.LocalScheme.from_manifest(folder / "dqof.toml")
    local = phm.load(folder / "return.xlsx", adapter=scheme, geo=geo, period="2022-23")
    national = phm.load(folder / "qof.zip", adapter="dudley.qof", geo=geo, period="2022-23")
    coding = phm.reconcile(
        national,
        local,
        measure=("qof.ndh002", "dqof.pd1"),
        geo=geo,
        within=DUDLEY,
        local_scheme="DQOF",
    )
    print(f"\n{coding}")
    print(f"\n{care.explain(six.codes[0])}")


if len(sys.argv) > 1:
    demo.write_review(sys.argv[1])
    review(Path(sys.argv[1]))
else:
    with tempfile.TemporaryDirectory() as made:
        demo.write_review(made)
        review(Path(made))

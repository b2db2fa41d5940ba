"""The plug-in door: anyone's package is found, a clash is refused, and a broken one fails alone."""

from __future__ import annotations

import re
import sys
import textwrap

import pandas as pd
import pytest
from tests.planted import card, counts, row

import phm_diabetes as phm
from phm_diabetes import plugins
from phm_diabetes.errors import (
    MeasureNotFoundError,
    OptionError,
    PluginClashError,
    PluginLoadError,
    PluginNotFoundError,
)
from phm_diabetes.plugins import ADAPTERS, DISEASE_AREAS, load_plugin, measure_cards, plugin_names

ADAPTER = """
    import pandas as pd
    from phm_diabetes.adapters.base import Adapter, Mapped, Signature
    from phm_diabetes.schemas.completing import complete_counts

    class Reviews(Adapter):
        place, dataset, version = "wonderland", "reviews", "1"
        layout = "a CSV of practices with their reviews."
        description = "Planted reviews."
        signatures = (Signature(columns=("Practice", "Reviewed", "Register")),)
        tables = ("counts",)

        def to_table(self, sheet, context):
            wanted = {"org_code": ("Practice",), "numerator": ("Reviewed",),
                      "denominator": ("Register",)}
            rows = sheet.rows(wanted)
            cells = rows.cells.astype({"numerator": "int64", "denominator": "int64"})
            table = cells.assign(
                dataset="reviews", measure="copd.review", definition="wonderland:1",
                org_level="practice", period_start=pd.Timestamp("2022-04-01"),
                period_end=pd.Timestamp("2023-03-31"), source=context.source_id,
                source_row=cells.index,
            )
            return Mapped(tables={"counts": complete_counts(table)}, rows_read=len(cells))
"""
AREA = """
    from datetime import date
    from phm_diabetes.model.measures import DiseaseArea, Measure

    AREA = DiseaseArea(id="{id}", name="Planted", description="Planted.", measures=(
        Measure(id="{measure}", name="{name}", numerator="a", denominator="b",
                kind="proportion", unit="people", polarity="higher", source="planted",
                why="c", reviewed=date(2026, 11, 1)),))
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that puts a package with entry points where Python finds it."""
    made = set()

    def installed(package: str, entry_points: dict[str, str], source: str = "", group=ADAPTERS):
        home = tmp_path / package
        module = package.replace("-", "_")
        described = home / f"{module}-1.0.dist-info"
        described.mkdir(parents=True)
        (described / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
        )
        lines = [f"[{group}]", *(f"{name} = {target}" for name, target in entry_points.items())]
        (described / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (home / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        monkeypatch.syspath_prepend(str(home))
        made.add(module)
        plugins.forget_what_is_installed()

    plugins.forget_what_is_installed()
    yield installed
    monkeypatch.undo()
    plugins.forget_what_is_installed()
    for module in made:
        sys.modules.pop(module, None)


def status(name: str) -> str:
    return str(phm.list_adapters().set_index("name").loc[name, "status"])


def test_a_third_partys_adapter_is_found_listed_and_reads(install):
    install("acme-reviews", {"wonderland.reviews": "acme_reviews:Reviews"}, ADAPTER)
    listed = phm.list_adapters().set_index("name").loc["wonderland.reviews"]
    assert listed.to_dict() == {
        "place": "wonderland",
        "dataset": "reviews",
        "layout": "a CSV of practices with their reviews.",
        "version": "1",
        "description": "Planted reviews.",
        "package": "acme-reviews",
        "status": "ready",
    }
    given = pd.DataFrame({"Practice": ["Y99001"], "Reviewed": ["20"], "Register": ["40"]})
    by_name = phm.load(given, adapter="wonderland.reviews")
    assert by_name.table["numerator"].tolist() == [20]
    assert phm.load(given).provenance.adapter == "wonderland.reviews"


def test_built_in_adapters_come_through_the_same_door():
    listed = phm.list_adapters().set_index("name")
    assert listed.loc["england.qof_prevalence", "package"] == "phm-diabetes"
    assert set(listed["status"]) == {"ready"}
    assert (listed[["place", "dataset", "layout", "version", "description"]] != "").all(axis=None)


def test_names_are_read_without_importing_any_plug_in(install):
    install("acme-lazy", {"wonderland.lazy": "acme_lazy:Reviews"}, "raise RuntimeError")
    assert "wonderland.lazy" in plugin_names(ADAPTERS)
    assert "acme_lazy" not in sys.modules


def test_two_packages_that_claim_one_name_are_refused_by_name(install):
    for package in ("acme-one", "acme-two"):
        install(package, {"wonderland.reviews": f"{package.replace('-', '_')}:Reviews"}, ADAPTER)
    with pytest.raises(PluginClashError, match=r"'wonderland\.reviews' is claimed by acme-one and"):
        load_plugin(ADAPTERS, "wonderland.reviews")
    assert "claimed by acme-one and acme-two" in status("wonderland.reviews")
    assert status("england.qof_prevalence") == "ready"


def test_a_built_in_name_cannot_be_taken_over(install):
    install("acme-thief", {"england.qof_prevalence": "acme_thief:Reviews"}, ADAPTER)
    with pytest.raises(PluginClashError, match="acme-thief and phm-diabetes"):
        load_plugin(ADAPTERS, "england.qof_prevalence")


def test_a_package_that_is_found_twice_is_no_clash(install, monkeypatch, tmp_path):
    install("acme-reviews", {"wonderland.reviews": "acme_reviews:Reviews"}, ADAPTER)
    copy = tmp_path / "copy"
    (tmp_path / "acme-reviews").rename(copy)
    (tmp_path / "acme-reviews").symlink_to(copy)
    monkeypatch.syspath_prepend(str(copy))
    plugins.forget_what_is_installed()
    assert load_plugin(ADAPTERS, "wonderland.reviews").place == "wonderland"


BROKEN = {
    "it fails on import": ("raise RuntimeError('no licence\\nsecond line')", "no licence"),
    "it needs what is not installed": ("import a_package_nobody_has", "a_package_nobody_has"),
    "it is not Python": ("def", "SyntaxError"),
    "it does not hold the name": ("", "Reviews"),
    "it leaves the program": ("raise SystemExit(3)", "SystemExit"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_broken_plug_in_gives_one_clear_line_and_breaks_nobody_else(install, why):
    source, words = BROKEN[why]
    install("acme-broken", {"wonderland.broken": "acme_broken:Reviews"}, source)
    with pytest.raises(PluginLoadError) as caught:
        load_plugin(ADAPTERS, "wonderland.broken")
    assert "'wonderland.broken' of package acme-broken cannot be loaded" in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert status("wonderland.broken") == str(caught.value)
    assert status("england.qof_prevalence") == "ready"


def test_a_broken_plug_in_does_not_stop_a_file_from_being_recognised(install):
    from phm_diabetes import demo

    install("acme-broken", {"wonderland.broken": "acme_broken:Reviews"}, "raise RuntimeError")
    extract = phm.load(demo.registers(), period="2022-23")
    assert extract.provenance.adapter == "england.qof_prevalence"


def test_something_that_is_no_adapter_says_so(install):
    install("acme-odd", {"wonderland.odd": "acme_odd:Reviews"}, "Reviews = 'hello'")
    assert status("wonderland.odd").startswith("Not an adapter")
    with pytest.raises(PluginLoadError, match="is not an adapter"):
        phm.load(pd.DataFrame({"a": ["1"]}), adapter="wonderland.odd")


def test_an_unknown_adapter_is_answered_with_the_installed_and_the_nearest():
    with pytest.raises(PluginNotFoundError, match=r"Did you mean 'england\.qof_prevalence'") as got:
        phm.load(pd.DataFrame({"a": ["1"]}), adapter="england.qof_prevalance")
    assert re.search(r"Installed: .*england\.qof_prevalence, ", str(got.value))


def test_a_third_partys_disease_area_brings_its_measures(install):
    source = AREA.format(id="gout", measure="gout.review", name="Gout review")
    install("acme-gout", {"gout": "acme_gout:AREA"}, source, group=DISEASE_AREAS)
    found = phm.estimate(counts(row("Y99001", 5, 10, measure="gout.review")))
    assert found["value"].tolist() == [0.5]
    assert phm.list_disease_areas().set_index("name").loc["gout", "measures"] == 1


def test_two_areas_with_different_cards_of_one_id_are_refused(install):
    for package, name in (("acme-one", "One"), ("acme-two", "Two")):
        source = AREA.format(id=name.lower(), measure="gout.review", name=name)
        install(
            package,
            {name.lower(): f"{package.replace('-', '_')}:AREA"},
            source,
            group=DISEASE_AREAS,
        )
    with pytest.raises(PluginClashError, match=r"'gout\.review' has two cards"):
        measure_cards()


def test_two_areas_may_share_one_card(install):
    for package in ("acme-one", "acme-two"):
        source = AREA.format(id=package, measure="gout.review", name="Gout")
        install(
            package, {package: f"{package.replace('-', '_')}:AREA"}, source, group=DISEASE_AREAS
        )
    assert measure_cards()["gout.review"].name == "Gout"


def test_a_broken_area_leaves_the_others_in_use(install):
    install("acme-broken", {"gout": "acme_broken:AREA"}, "raise RuntimeError", group=DISEASE_AREAS)
    assert "copd.register" in measure_cards()
    listed = phm.list_disease_areas().set_index("name")
    assert "acme-broken cannot be loaded" in str(listed.loc["gout", "status"])
    assert listed.loc["qof_registers", "status"] == "ready"
    with pytest.raises(MeasureNotFoundError, match=r"gout\.review"):
        phm.estimate(counts(row("Y99001", 5, 10, measure="gout.review")))


@pytest.mark.parametrize("measures", [["copd.review"], "copd.review", [card(), "copd.flu"]])
def test_ids_are_no_cards_and_the_error_says_what_is(measures):
    with pytest.raises(OptionError, match="a disease area or a list of cards"):
        measure_cards(measures)

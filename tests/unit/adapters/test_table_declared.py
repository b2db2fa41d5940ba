"""A layout that is declared wrongly is refused when it is declared, by the name of the field."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.table import Column, Rounding, TableAdapter
from phm_diabetes.errors import OptionError, PhmError, SourceReadError

GOOD: dict[str, Any] = {
    "place": "north",
    "dataset": "reviews",
    "version": "1",
    "layout": "one row a practice and year.",
    "description": "Reviews by practice and year.",
    "definition": "north:review:2022",
    "columns": {
        "practice": Column(header="Practice", kind="ods_practice"),
        "year": Column(header="Year", kind="nhs_year"),
        "seen": Column(header="Reviewed", kind="count"),
    },
    "measures": {"copd.review": ("seen",)},
}

MANIFEST = """
place = "north"
dataset = "reviews"
version = "1"
layout = "one row a practice and year."
description = "Reviews by practice and year."
definition = "north:review:2022"

[columns]
practice = { header = "Practice", kind = "ods_practice" }
year = { header = "Year", kind = "nhs_year" }
seen = { header = "Reviewed", kind = "count" }

[measures]
"copd.review" = ["seen"]
"""

FRAME = pd.DataFrame({"Practice": ["Y99001"], "Year": ["2022-23"], "Reviewed": [12]})


def declared(**fields):
    return type("Reviews", (TableAdapter,), {**GOOD, **fields})


def columns(**changed):
    return {"columns": {**GOOD["columns"], **changed}}


def test_a_layout_declared_well_is_taken():
    assert phm.load(FRAME, adapter=declared()).table["numerator"].tolist() == [12]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"footer": ["Total"]}, "'footer' is no field of a layout. Did you mean 'footers'?"),
        ({"place": "North Shire"}, "place is needed, in lower-case letters"),
        ({"layout": ""}, "layout is needed"),
        ({"definition": ""}, "definition is needed"),
        ({"definition": {}}, "definition is needed"),
        ({"definition": {"af.review": "x"}}, "definition says nothing about 'copd.review'"),
        ({"columns": {}}, "columns is needed"),
        ({"columns": {"practice": "Practice"}}, "columns must hold a Column under each name"),
        ({"header_rows": 2}, "header_within must be 2 or more"),
        ({"header_rows": 0}, "header_rows must be 1 or more"),
        ({"footers": "Total"}, "footers must be a list of regular expressions"),
        ({"footers": ["("]}, "footers has a pattern that is no regular expression"),
        ({"sheet": "("}, "sheet has a pattern that is no regular expression"),
        ({"missing": "n/a"}, "missing must be a list of texts"),
        ({"hidden": {"*": (7, 1)}}, "hidden.'*' must not run backwards"),
        ({"hidden": {"*": (1,)}}, "hidden.'*' must be the least and the most"),
        ({"hidden": {"*": (1, 7)}, "missing": ["*"]}, "missing and hidden both have '*'"),
        ({"rounding": 5}, "rounding must be a Rounding"),
        ({"duplicates": "sum"}, "duplicates must be 'refuse' or 'report'"),
        ({"tables": ("episodes",)}, "tables must be ('counts',) or ('facts',)"),
        ({"measures": {}}, "measures is needed"),
        ({"measures": {"COPD": ("seen",)}}, "measures has 'COPD', which is no measure id"),
        ({"measures": {"copd.review": "seen"}}, "measures.'copd.review' must list its numerator"),
        ({"measures": {"copd.review": ("sen",)}}, "'sen', which is no column of counts. Did you"),
        (columns(due=Column(header="Due", kind="count")), "columns.due is in no measure"),
        (columns(Due=Column(header="Due", kind="count")), "columns.Due must be named in lower"),
        (columns(seen=Column(header="", kind="count")), "columns.seen.header must hold"),
        (columns(seen=Column(header="N", kind="cuont")), "columns.seen.kind is no kind. Did you"),
        (columns(pcn=Column(header="PCN", kind="ods_pcn")), "needs one organisation and has 2"),
        (columns(month=Column(header="M", kind="month")), "columns has several periods"),
        (
            {"columns": {**GOOD["columns"], "year": Column(header="Day", kind="date")}},
            "named period_start and period_end",
        ),
        (columns(name=Column(header="Name", kind="text")), "list its header in not_read"),
        (columns(sex=Column(header="YEAR", kind="category")), "columns.year.header share 'YEAR'"),
        (
            columns(sex=Column(header="Sex", kind="category", to={"M": "men"})),
            "columns.sex.to has 'men'; sex is one of all, female, male, unknown",
        ),
        (
            columns(measure=Column(header="I", kind="category")),
            "has the name of a column of Counts",
        ),
        (columns(ind=Column(header="I", kind="measure")), "columns.ind.to is needed"),
        (
            columns(ind=Column(header="I", kind="measure", to={"1": "one"})),
            "columns.ind.to has 'one', which is no measure id",
        ),
        (
            columns(ind=Column(header="I", kind="measure", to={"1": "copd.review"})),
            "measures is not needed beside a column of the kind measure",
        ),
        (columns(seen=Column(header="N", kind="count", to={"1": "2"})), "to is not for the kind"),
        (columns(seen=Column(header="N", kind="count", optional=True)), "optional is for the kind"),
        (columns(seen=Column(header="N", kind="count", others="drop")), "others must be"),
        (columns(seen=Column(header="N", kind="count", level="pcn")), "level is needed for the"),
    ],
)
def test_what_is_declared_wrongly_is_named(fields, said):
    with pytest.raises(OptionError) as error:
        declared(**fields)
    assert str(error.value).startswith("Reviews ")
    assert said in str(error.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(OptionError, match=r"place .*; version .*columns is needed"):
        declared(place="", version="", columns={})


def test_facts_hold_words_and_no_counts():
    with pytest.raises(OptionError, match=r"seen is a count, which facts have no place for"):
        declared(tables=("facts",))


def test_a_base_of_several_layouts_need_not_be_whole():
    class Base(TableAdapter):
        place = "north"

    with pytest.raises(OptionError, match="dataset is needed"):
        type("Reviews", (Base,), {"columns": GOOD["columns"]})


def test_rounding_is_checked_where_it_is_written():
    with pytest.raises(ValueError, match="must be >= 2"):
        Rounding(to=1)


@pytest.fixture
def manifest(tmp_path):
    def written(text=MANIFEST):
        path = tmp_path / "reviews.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_a_manifest_gives_what_a_class_gives(manifest):
    by_class, by_file = (phm.load(FRAME, adapter=each) for each in (declared(), manifest()))
    assert by_file.table.equals(by_class.table)


def test_a_manifest_is_taken_by_its_path_as_text_too(manifest):
    assert len(phm.load(FRAME, adapter=str(manifest())).table) == 1


def test_the_adapter_of_a_manifest_pickles(manifest):
    adapter = TableAdapter.from_toml(manifest())
    again = pickle.loads(pickle.dumps(adapter))  # noqa: S301 - our own
    assert phm.load(FRAME, adapter=again).table.equals(phm.load(FRAME, adapter=adapter).table)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place = north", "reviews.toml is not TOML"),
        ("footer = []", "reviews.toml › 'footer' is no field of a layout"),
        (MANIFEST.replace("kind =", "sort ="), "columns.practice needs a header and a kind"),
        (MANIFEST.replace('"count" }', '"count", too = {} }'), "columns.seen.too is no field of a"),
        (MANIFEST.replace("nhs_year", "nhs_yaer"), "reviews.toml is not a layout that can be read"),
        ("rounding = { too = 5 }", "rounding must be such as { to = 5 }"),
        ('policy = "open"', "policy must be a Policy ('published' or 'small_numbers' in"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_named(manifest, text, said):
    with pytest.raises(OptionError) as error:
        TableAdapter.from_toml(manifest(text))
    assert said in str(error.value)


def test_a_manifest_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(SourceReadError, match=r"none\.toml cannot be read: there is no such file"):
        phm.load(FRAME, adapter=tmp_path / "none.toml")


def test_a_manifest_in_another_encoding_is_refused_in_words(tmp_path):
    path = tmp_path / "reviews.toml"
    path.write_bytes(MANIFEST.encode("utf-16"))
    with pytest.raises(PhmError, match="not UTF-8"):
        phm.load(FRAME, adapter=path)

"""The page on adapters says what the kit asks, and what a layout can declare."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from phm_diabetes.adapters.kinds import KINDS
from phm_diabetes.adapters.layouts import FIELDS
from phm_diabetes.adapters.table import TableAdapter
from phm_diabetes.testing import AdapterContract

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "adapter.md"
LAWS = [name for name, _ in inspect.getmembers(AdapterContract) if name.startswith("test_")]


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_the_page_opens_by_saying_that_nothing_need_be_added(page):
    assert page.splitlines()[2].startswith("Nothing need be added to phm_diabetes")


@pytest.mark.parametrize("law", LAWS)
def test_every_law_stands_on_the_page_in_its_own_words(page, law):
    assert f"- `{law}`: {getattr(AdapterContract, law).__doc__}" in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_stands_on_the_page(page, kind):
    assert f"`{kind}`" in page


def test_every_field_of_a_layout_is_described():
    described = inspect.getdoc(TableAdapter) or ""
    for base in TableAdapter.__mro__[1:]:
        described += inspect.getdoc(base) or ""
    assert [name for name in FIELDS if name not in described] == []

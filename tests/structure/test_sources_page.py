"""The page of sources tells of every adapter, and each keeps the contract where it says so."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import phm_diabetes as phm

ROOT = Path(__file__).parents[2]


def _page():
    place = ROOT / "docs" / "_ext" / "source_tables.py"
    found = importlib.util.spec_from_file_location("source_tables", place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_every_adapter_stands_on_the_page_with_its_contract():
    rows = _page().rows_of_sources()
    assert [row[2] for row in rows] == phm.list_adapters()["name"].tolist()
    assert [row[2] for row in rows if not row[5]] == []


def test_what_a_place_assumes_is_said_plainly():
    assumed = {row[2]: row[4] for row in _page().rows_of_sources()}
    for place in ("dudley", "liverpool", "sefton", "knowsley"):
        assert "the Place pulls" in assumed[f"{place}.nda"]

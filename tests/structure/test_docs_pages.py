"""Pages of the documentation have the parts that their readers look for, and none is empty."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
HEADINGS = (
    "Question it answers",
    "Formula",
    "Assumes",
    "When it misleads",
    "Worked example",
    "Checked against",
    "References",
)
METHODS = sorted(set((DOCS / "methods").glob("*.md")) - {DOCS / "methods" / "index.md"})
# The page on adapters is about code, and is proved by a test of its own.
HOW_TO = sorted(
    page for page in (DOCS / "how-to").glob("*.md") if page.stem not in {"index", "adapter"}
)
ENTRY = re.compile(r"^@\w+\{(\w+),", re.MULTILINE)
CITED = re.compile(r"\{footcite:[pt]\}`([^`]+)`")

DISPLAYED = re.compile(r"\$\$.+?\$\$", re.DOTALL)
SOURCE = re.compile(r"^Source: (.+)$", re.MULTILINE)
# A place that a reader can go to, and how it is known that the formula stands there.
PLACE = re.compile(
    r"\b(equation|theorem|method \d|definition \d|table \d|section|appendi|pp?\. \d|page|function)"
)
KNOWN = re.compile(r"\[[^\]]*\b(read|as|by our own record)\b[^\]]*\]")


def _name(path: Path) -> str:
    return path.stem


def sections(page: Path) -> dict[str, str]:
    """Return the text under each second-level heading of a page."""
    _, *parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_a_method_has_every_heading_in_order_and_none_is_empty(page):
    found = sections(page)
    assert tuple(found) == HEADINGS
    assert [name for name, text in found.items() if not text.strip()] == []


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_a_method_says_what_computes_it_and_shows_it(page):
    opening = page.read_text(encoding="utf-8").split("## ", maxsplit=1)[0]
    assert "{py:" in opening
    assert "```{doctest}" in sections(page)["Worked example"]


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_a_method_that_cites_lists_what_it_cites(page):
    text = page.read_text(encoding="utf-8")
    listed = "{footbibliography}" in sections(page)["References"]
    assert bool(CITED.search(text)) == listed


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_every_formula_says_where_it_comes_from_before_the_next_one(page):
    before, *after = DISPLAYED.split(sections(page)["Formula"])
    silent = [
        spot for spot, text in enumerate(after or [before], start=1) if "\nSource: " not in text
    ]
    assert silent == []


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_a_source_is_ours_a_definition_or_a_place_and_how_it_is_known(page):
    vague = [
        source
        for source in SOURCE.findall(sections(page)["Formula"])
        if not source.startswith(("ours", "a definition"))
        and not (PLACE.search(source) and KNOWN.search(source))
    ]
    assert vague == []


def test_every_method_stands_in_the_table_of_what_was_checked():
    table = (DOCS / "methods" / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in METHODS if f"]({page.name})" not in table] == []


def test_every_reference_is_cited_somewhere():
    text = "".join(page.read_text(encoding="utf-8") for page in METHODS)
    cited = {key for keys in CITED.findall(text) for key in keys.split(",")}
    known = set(ENTRY.findall((DOCS / "references.bib").read_text(encoding="utf-8")))
    assert cited == known


@pytest.mark.parametrize("page", HOW_TO, ids=_name)
def test_a_how_to_opens_with_a_script_and_ends_with_what_misleads(page):
    opening = page.read_text(encoding="utf-8").split("## ", maxsplit=1)[0]
    assert "```" in opening
    *_, (last, text) = sections(page).items()
    assert last == "When this misleads"
    assert text.strip()

"""A docstring that names a source says where in it the formula stands, or that it is ours."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "phm_diabetes"
MODULES = sorted([*(PACKAGE / "metrics").glob("*.py"), *(PACKAGE / "outliers").glob("*.py")])
REFERENCES = re.compile(r"^References\n-+\n(.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"\b(equations? \d|theorem \d|method \d|definition|table [\dI]|section \d|sections? \"|appendi"
    r"|pp?\. \d|page \"|functions? (``|of )|indicator \d|ours\b)|:func:",
    re.IGNORECASE,
)


def _sources(module: Path) -> dict[str, str]:
    """Return the references of each public function and class of a module, by its name."""
    found: dict[str, str] = {}
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            references = REFERENCES.search(ast.get_docstring(node) or "")
            if references:
                found[node.name] = " ".join(references[1].split())
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_references_say_where_in_their_source(module):
    assert [name for name, text in _sources(module).items() if not PLACE.search(text)] == []


def test_the_references_are_found_at_all():
    assert sum(len(_sources(module)) for module in MODULES) > 80

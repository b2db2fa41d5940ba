"""Files are short, are named apart from what they hold, and know nothing of the disease."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MOST_LINES = 400
THE_DISEASE_MAY_BE_NAMED_IN = re.compile(
    r"disease_areas/|demo/|adapters/((england_)?(nda|qof|dqof)\w*\.py|places/|code_lists/)"
)
PACKAGE_NAME = re.compile(r"phm[_-]diabetes", re.IGNORECASE)


def _public_definitions(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {each.name for each in body if isinstance(each, kinds) and each.name[0] != "_"}


def test_a_file_is_short(source):
    assert len(source.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_the_disease_is_named_only_where_it_may_be(source, where):
    if THE_DISEASE_MAY_BE_NAMED_IN.match(where.as_posix()):
        return
    lines = source.read_text(encoding="utf-8").splitlines()
    named = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(lines, start=1)
        if "diabet" in PACKAGE_NAME.sub("", line).casefold()
    ]
    assert not named, "; ".join(named)


def test_nothing_public_shares_the_name_of_a_module_beside_it(folder, package):
    name = ".".join(folder.relative_to(package.parent).parts)
    modules = {each.name for each in pkgutil.iter_modules([str(folder)])}
    defined = set().union(*(_public_definitions(path) for path in folder.glob("*.py")))
    loaded = importlib.import_module(name)
    exported = {
        each
        for each in getattr(loaded, "__all__", ())
        if not isinstance(getattr(loaded, each), ModuleType)
    }
    shared = (defined | exported) & modules
    assert not shared, f"a lazy import would find the module instead: {', '.join(sorted(shared))}"

"""Every pattern of every layout is read alike by every engine."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from phm_diabetes.records import layouts
from phm_diabetes.records.engine_patterns import whole_text
from phm_diabetes.records.layout import RecordLayout

MODULES = [
    import_module(f"{layouts.__name__}.{each.name}") for each in iter_modules(layouts.__path__)
]
LAYOUTS = {
    value.name: value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, RecordLayout)
}


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_a_layout_has_only_patterns_that_all_engines_read_alike(name):
    for column in LAYOUTS[name].columns:
        for pattern in (column.pattern, column.once):
            shared = whole_text(pattern, column=column.name).replace(r"\z", r"\Z")
            assert re.compile(shared).pattern == shared

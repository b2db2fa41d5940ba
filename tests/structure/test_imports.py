"""Imports point one way, and each outside library has one part of the house that may use it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

# A part may import its own layer and those above it in this list.
LAYERS = (
    {"errors", "files", "glyphs", "model"},
    {"schemas"},
    {"counted_once", "group_sums"},
    {"summing", "placing", "place_members", "narrowing"},
    {"rolling_up"},
    {"extract", "geography", "total_families"},
    {"tightening"},
    {"plugins"},
    {"disease_areas", "adapters", "records"},
    {"loading"},
    {"metrics", "quality"},
    {"outliers", "agreement"},
    {"disclosure"},
    {"reviewing", "report"},
    {"__init__"},  # the public names: what stands below may use the library as its users do
    {"demo", "testing"},
    {"cli", "__main__"},
)
DEPTH = {part: depth for depth, layer in enumerate(LAYERS) for part in layer}
PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
ADAPTERS = {
    target.split(":")[0]
    for target in PROJECT["project"]["entry-points"]["phm_diabetes.adapters"].values()
}
LOADED_WHEN_NEEDED = (
    "pandera",
    "narwhals",
    "scipy",
    "statsmodels",
    "python_calamine",
    *sorted(ADAPTERS),
)


def _within(names: set[str], module: str) -> set[str]:
    return {name for name in names if name == module or name.startswith(f"{module}.")}


def test_every_file_has_a_layer(part):
    assert part in DEPTH, f"say in LAYERS where '{part}' stands"


def test_imports_point_one_way(part, parts):
    below = {each for each in parts if DEPTH.get(each, 0) > DEPTH.get(part, len(LAYERS))}
    assert below == set(), f"'{part}' stands above them"


def test_two_parts_never_import_each_other(part_imports):
    others = {(one, other) for one, other in part_imports if one != other}
    assert {pair for pair in others if pair[::-1] in others} == set()


def test_only_the_plug_in_door_reads_what_is_installed(part, imports):
    found = _within(imports, "importlib_metadata") | _within(imports, "importlib.metadata")
    assert not found or part == "plugins"


def test_only_records_use_narwhals(part, imports):
    assert not _within(imports, "narwhals") or part == "records"


def test_of_scipy_only_special_is_imported(imports):
    others = _within(imports, "scipy") - _within(imports, "scipy.special")
    assert others == set(), "scipy.special loads in a fraction of the time"


def test_an_adapter_is_reached_only_through_the_plug_in_door(part, imports):
    by_name = {adapter for adapter in ADAPTERS if _within(imports, adapter)}
    by_name |= _within(imports, "phm_diabetes.adapters.places")
    assert not by_name or part == "plugins", f"imports {', '.join(sorted(by_name))}"


def test_importing_the_library_loads_nothing_it_does_not_need_yet():
    program = "import sys, phm_diabetes; print(*sys.modules, sep='\\n')"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )
    assert set(run.stdout.split()) & set(LOADED_WHEN_NEEDED) == set()

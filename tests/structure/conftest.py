"""The library's source, one file at a time: a test that asks for `source` runs once a file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "phm_diabetes"
FILES = sorted(PACKAGE.rglob("*.py"))
FOLDERS = sorted({path.parent for path in FILES})


def _shown(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def _part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    here = path.relative_to(PACKAGE.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def _parts_among(names: set[str]) -> set[str]:
    known = {path.stem for path in PACKAGE.iterdir()}
    ours = [name.split(".") for name in names if name.split(".")[0] == PACKAGE.name]
    return {name[1] if name[1:] and name[1] in known else "__init__" for name in ours}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each file, each file of tables, or each folder of the package."""
    if "source" in metafunc.fixturenames:
        metafunc.parametrize("source", FILES, ids=_shown, scope="session")
    if "table_source" in metafunc.fixturenames:
        tables = [path for path in FILES if path.parent == PACKAGE / "schemas"]
        metafunc.parametrize("table_source", tables, ids=_shown)
    if "folder" in metafunc.fixturenames:
        metafunc.parametrize("folder", FOLDERS, ids=_shown)


@pytest.fixture(scope="session")
def package() -> Path:
    """Return the folder of the package."""
    return PACKAGE


@pytest.fixture(scope="session")
def where(source: Path) -> Path:
    """Return the file's path within the package."""
    return source.relative_to(PACKAGE)


@pytest.fixture(scope="session")
def part(source: Path) -> str:
    """Return the part of the house that the file belongs to, such as ``metrics``."""
    return _part_of(source)


@pytest.fixture(scope="session")
def tree(source: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(source.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def imports(source: Path) -> set[str]:
    """Return the dotted name of everything the file imports, at its top or anywhere inside."""
    return _imports_of(source)


@pytest.fixture(scope="session")
def parts(imports: set[str]) -> set[str]:
    """Return the parts of the house that the file imports; a public name is of ``__init__``."""
    return _parts_among(imports)


@pytest.fixture(scope="session")
def part_imports() -> set[tuple[str, str]]:
    """Return each pair of parts of which the first imports the second, anywhere."""
    return {(_part_of(path), part) for path in FILES for part in _parts_among(_imports_of(path))}

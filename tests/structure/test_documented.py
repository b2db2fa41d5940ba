"""Everything public says what it is, and shows it."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib

EXAMPLES = re.compile(r"^Examples\n--------$", re.MULTILINE)


def _needs_an_example(node: ast.stmt) -> bool:
    """Whether a statement defines something public that an example would explain."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
        return False
    # The function that raises an exception shows it.
    return not node.name.endswith(("Error", "Warning"))


def test_everything_public_has_an_example(part, tree):
    if part == "cli":
        return  # a command's docstring is its help text
    missing = [
        node.name
        for node in tree.body
        if _needs_an_example(node)
        and not (part == "schemas" and isinstance(node, ast.ClassDef))  # columns explain a table
        and not EXAMPLES.search(ast.get_docstring(node) or "")
    ]
    assert not missing, f"no Examples section: {', '.join(missing)}"


def test_every_column_of_a_table_is_described(table_source, package):
    import pandera.pandas as pa

    name = ".".join(table_source.relative_to(package.parent).with_suffix("").parts)
    module = importlib.import_module(name.removesuffix(".__init__"))
    missing = [
        f"{model.__name__}.{column}"
        for model in vars(module).values()
        if inspect.isclass(model) and issubclass(model, pa.DataFrameModel)
        for column, rule in model.to_schema().columns.items()
        if not rule.description
    ]
    assert not missing, f"no description: {', '.join(missing)}"


def test_the_version_is_the_same_everywhere(package):
    root = package.parents[1]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    version = project["project"]["version"]
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")

"""The directive ``schema``: a page on a table, written by the table itself.

``.. schema:: phm_diabetes.schemas.counts.Counts`` shows one table;
``.. schema:: phm_diabetes.schemas`` shows every table of the package, each in its own section.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, ClassVar, TypeGuard

import pandera.pandas as pa
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from phm_diabetes.schemas.door import describe_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

Schema = type[pa.DataFrameModel]


def _is_table(value: object) -> TypeGuard[Schema]:
    return inspect.isclass(value) and issubclass(value, pa.DataFrameModel)


def schemas_in(package: str) -> list[Schema]:
    """Return every pandera table defined in the modules of a package, by name."""
    found: set[Schema] = set()
    for each in pkgutil.iter_modules(importlib.import_module(package).__path__):
        members = vars(importlib.import_module(f"{package}.{each.name}")).values()
        found |= {table for table in members if _is_table(table) and package in table.__module__}
    return sorted(found, key=lambda table: table.__name__)


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def _table(schema: Schema) -> nodes.table:
    """Return the columns of a schema as a table, one row a column."""
    columns = describe_columns(schema)
    headings = ["column", "type", "may be empty", "description"]
    group = nodes.tgroup("", cols=len(headings))
    group += [nodes.colspec("", colwidth=width) for width in (22, 16, 12, 50)]
    group += nodes.thead("", _row(nodes.Text(heading) for heading in headings))
    body = nodes.tbody()
    for row in columns.to_dict("records"):
        absent = "" if row["required"] else "; may be absent"
        body += _row(
            (
                nodes.literal("", str(row["column"])),
                nodes.Text(str(row["type"])),
                nodes.Text(("yes" if row["may be empty"] else "no") + absent),
                nodes.Text(str(row["description"])),
            )
        )
    group += body
    return nodes.table("", group)


class SchemaDirective(SphinxDirective):
    """List the columns of one table, or of every table of a package."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec | None] = {}

    def run(self) -> list[nodes.Node]:
        """Return the tables, or a section a table where a package was named."""
        target: str = self.arguments[0]
        module, _, name = target.rpartition(".")
        named = getattr(importlib.import_module(module), name, None)
        if _is_table(named):
            return self._described(named)
        return [self._section(schema) for schema in schemas_in(target)]

    def _described(self, schema: Schema) -> list[nodes.Node]:
        words = self.parse_text_to_nodes(inspect.getdoc(schema) or "")
        return [*words, _table(schema)]

    def _section(self, schema: Schema) -> nodes.section:
        section = nodes.section("", nodes.title("", schema.__name__))
        # A name that other pages can link to, as in [Counts](#table-counts).
        section["names"].append(f"table-{schema.__name__.lower()}")
        self.state.document.note_explicit_target(section)
        section += self._described(schema)
        return section


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the directive."""
    app.add_directive("schema", SchemaDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""The directives ``sources`` and ``scheme-manifest``: what can be read, told by the adapters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import phm_diabetes as phm
from phm_diabetes.adapters.recognition import adapter_in
from phm_diabetes.adapters.scheme_manifest import MANIFEST
from phm_diabetes.plugins import ADAPTERS, load_plugin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

CONTRACTS = Path(__file__).parents[2] / "tests" / "contract"
HEADINGS = ("source", "Place", "adapter", "layout", "assumed", "contract")
WIDTHS = (10, 9, 15, 36, 22, 14)
ASSUMED = re.compile(r"Assumed: (.+)$")


def contract_of(name: str) -> str:
    """Return the test file in which an installed adapter keeps the contract; blank for none."""
    kind = type(adapter_in(load_plugin(ADAPTERS, name))).__name__
    word = re.compile(rf"\badapter = .*\b{kind}\b|-> {kind}:")
    held = (file for file in sorted(CONTRACTS.glob("test_*.py")) if word.search(file.read_text()))
    return next((file.name for file in held), "")


def rows_of_sources() -> list[tuple[str, ...]]:
    """Return one row an adapter: source, Place, adapter, layout, what is assumed, contract."""
    rows: list[tuple[str, ...]] = []
    for each in phm.list_adapters().to_dict("records"):
        description, layout = str(each["description"]), str(each["layout"])
        assumed = ASSUMED.search(description)
        rows.append(
            (
                str(each["dataset"]).replace("_", " "),
                str(each["place"]),
                str(each["name"]),
                f"that of {layout}" if re.fullmatch(r"\w+\.\w+", layout) else layout,
                assumed[1] if assumed else "nothing: as published",
                contract_of(str(each["name"])),
            )
        )
    return rows


def _row(cells: Iterable[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", each)) for each in cells))


class SourcesDirective(SphinxDirective):
    """Every installed adapter, as a table."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        group = nodes.tgroup("", cols=len(HEADINGS))
        group += [nodes.colspec("", colwidth=width) for width in WIDTHS]
        group += nodes.thead("", _row(HEADINGS))
        group += nodes.tbody("", *(_row(row) for row in rows_of_sources()))
        return [nodes.table("", group)]


class ManifestDirective(SphinxDirective):
    """The manifest that a Place starts from."""

    def run(self) -> list[nodes.Node]:
        """Return it as a block of TOML."""
        return [nodes.literal_block(MANIFEST, MANIFEST, language="toml")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the directives."""
    app.add_directive("sources", SourcesDirective)
    app.add_directive("scheme-manifest", ManifestDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""Our own names: listed, documented once, and linked from wherever they are written.

``.. public-names::`` writes one row for each name that users import.

A class that one module imports from another is documented where it is defined, and nowhere else.
A bare name in a signature links to what that module imports under the name, and a bare name in a
docstring to the only thing of ours that is called so.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

import phm_diabetes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.python import PythonDomain
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

OURS = phm_diabetes.__name__
_ROLE = re.compile(r":\w+:(?=`)")


def home_of(value: object) -> str | None:
    """Return the full name of a function or class of ours where it is defined."""
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return None
    home = getattr(value, "__module__", None) or ""
    return f"{home}.{value.__qualname__}" if home.split(".")[0] == OURS else None


@cache
def imported_names(module: str) -> dict[str, str]:
    """Return the home of every name that a module imports from us, for types alone or not."""
    found: dict[str, str] = {}
    source = Path(str(importlib.import_module(module).__file__)).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == OURS:
            there = importlib.import_module(str(node.module))
            for alias in node.names:
                home = home_of(getattr(there, alias.name, None))
                if home is not None:
                    found[alias.asname or alias.name] = home
    return found


def leave_out_imported(
    app: Sphinx, what: str, _name: str, value: object, *_: object
) -> bool | None:
    """Leave a member out of the page of a module that only imports it."""
    module, home = app.env.current_document.autodoc_module, home_of(value)
    if what != "module" or not module:
        return None
    # An alias of a type, such as tuple[str, int], has no signature for autodoc to write.
    elsewhere = home is not None and home.rpartition(".")[0] != module
    return True if elsewhere or isinstance(value, GenericAlias) else None


def say_where(app: Sphinx, doctree: nodes.document) -> None:
    """Write bare names out in full, where the module that uses them imports them."""
    del app
    for node in doctree.findall(pending_xref):
        module, target = node.get("py:module"), str(node.get("reftarget", ""))
        if node.get("refdomain") == "py" and module and module.split(".")[0] == OURS:
            first, dot, rest = target.partition(".")
            node["reftarget"] = f"{imported_names(module).get(first, first)}{dot}{rest}"


def link(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.TextElement
) -> nodes.Element | None:
    """Resolve ``phm_diabetes.load``, and a bare name that only one thing of ours has."""
    if node.get("refdomain") != "py":
        return None
    target, python = str(node.get("reftarget", "")), env.domains.python_domain
    package, _, name = target.rpartition(".")
    home = home_of(getattr(phm_diabetes, name, None)) if package == OURS else None
    home = home or _only_one(python, target)
    if home is None:
        return None
    page: str = node.get("refdoc", "index")
    return python.resolve_xref(env, page, app.builder, node["reftype"], home, node, text)


@cache
def _only_one(python: PythonDomain, target: str) -> str | None:
    """Return the full name of the only thing of ours whose name ends so; asked when all is read."""
    ours = [name for name, found in python.objects.items() if not found.aliased]
    ends = [name for name in ours if name.endswith(f".{target}")]
    return ends[0] if len(ends) == 1 else None


class PublicNames(SphinxDirective):
    """List every public function and class, with the first line of its docstring."""

    option_spec: ClassVar[OptionSpec | None] = {}

    def run(self) -> list[nodes.Node]:
        """Return a definition list, functions first."""
        homes = {name: home_of(getattr(phm_diabetes, name)) for name in phm_diabetes.__all__}
        names = sorted((each for each in homes if homes[each]), key=lambda each: each.swapcase())
        listed = nodes.definition_list()
        for name in names:
            words = (inspect.getdoc(getattr(phm_diabetes, name)) or "").partition("\n")[0]
            words = _ROLE.sub("", words)  # this page is Markdown
            link = pending_xref(
                "",
                nodes.literal("", f"phm.{name}"),
                refdomain="py",
                reftype="obj",
                reftarget=homes[name],
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            inline, _ = self.parse_inline(words)
            said = nodes.definition("", nodes.paragraph("", "", *inline))
            listed += nodes.definition_list_item("", nodes.term("", "", link), said)
        return [listed]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the directive, and where to ask."""
    app.add_directive("public-names", PublicNames)
    app.connect("autodoc-skip-member", leave_out_imported)
    app.connect("doctree-read", say_where)
    app.connect("missing-reference", link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""The pages of single modules stay out of the sidebar.

There are hundreds of them. In a sidebar nobody finds one among so many, and writing them all into
that of every page takes Sphinx minutes; a list of modules, the search and links lead to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.addnodes import toctree

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

FOLDER = "reference/generated/"
_BEFORE_SPHINX_COLLECTS = 400


def keep_out_of_sidebar(app: Sphinx, doctree: nodes.document) -> None:
    """Drop the entries of generated pages; their template calls them orphans."""
    del app
    for node in list(doctree.findall(toctree)):
        if any(page.startswith(FOLDER) for page in node["includefiles"]):
            node.parent.remove(node)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Ask Sphinx to call before it collects what stands in the sidebar."""
    app.connect("doctree-read", keep_out_of_sidebar, priority=_BEFORE_SPHINX_COLLECTS)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""How Sphinx builds the documentation: strictly, and without the network."""

from __future__ import annotations

import doctest
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))
_project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "phm_diabetes"
author = "The phm_diabetes authors"
project_copyright = author
release = version = _project["version"]

extensions = [
    "mathml_formulas",
    "measure_tables",
    "module_pages",
    "myst_parser",
    "numpydoc",
    "own_names",
    "schema_tables",
    "source_tables",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinxcontrib.bibtex",
]
bibtex_bibfiles = ["references.bib"]
exclude_patterns = ["_build"]
templates_path = ["_templates"]

html_theme = "furo"
html_title = f"phm_diabetes {release}"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_math_renderer = "mathml"

# One backtick in a docstring means code, as it does in Markdown.
default_role = "code"
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_member_order = "bysource"
# Every pandera table has the same `Config`; its columns are on the page of tables.
autodoc_default_options = {"exclude-members": "Config"}
# Every class states its parameters in its docstring, and lists its methods below it.
numpydoc_show_class_members = False

# Examples in docstrings are run by pytest, inside their own module; here only those in pages are.
doctest_test_doctest_blocks = ""
doctest_default_flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

nitpick_ignore = [
    ("py:func", "print"),  # Python's own, which could only be looked up over the network
]
nitpick_ignore_regex = [
    # Types in signatures are shown as they are written, and those of other libraries could only
    # be looked up over the network. Whatever is written out in full from our own root is checked.
    (r"py:(class|obj|data|exc|type)", r"(?!phm_diabetes\.).*"),
]

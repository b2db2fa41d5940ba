"""Formulas as MathML, which browsers draw themselves: no script, and nothing from the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


def _drawn(node: nodes.math | nodes.math_block, *, as_block: bool = False) -> str:
    """Return a formula as MathML, or as it was typed, with a warning, where it cannot be read."""
    typed = str(node.astext())
    try:
        return str(tex2mathml(typed, as_block=as_block))
    except MathError as error:
        logger.warning("formula: %s", error, location=node)
        return typed


def _inline(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(_drawn(node))
    raise nodes.SkipNode


def _block(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="formula">{_drawn(node, as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx of the renderer; ``html_math_renderer`` chooses it."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

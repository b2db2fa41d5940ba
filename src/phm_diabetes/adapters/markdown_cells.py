"""Markdown cells: texts that stay in the cell of a table."""

from __future__ import annotations

__all__ = ["markdown_row"]


def markdown_row(*texts: object) -> str:
    r"""Return one row of a Markdown table; line breaks become spaces, and bars are escaped.

    Examples
    --------
    >>> markdown_row("far\naway", "a|b", 3)
    '| far away | a\\|b | 3 |'
    """
    cells = (" ".join(str(text).split()).replace("|", "\\|") for text in texts)
    return f"| {' | '.join(cells)} |"

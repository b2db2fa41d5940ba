"""Glyphs: a sign beside each verdict, and words where a console cannot print it."""

from __future__ import annotations

import sys
import unicodedata
from typing import IO, Any

__all__ = ["printable", "verdict_text"]

_SIGNS = {
    "better": "▲",
    "similar": "●",
    "worse": "▼",
    "cannot tell": "○",
    # No direction is good or bad: an arrow, so that no triangle stands for a judgement.
    "higher": "↑",
    "lower": "↓",
    "not compared": "○",
}
_WORDS = {sign: word for word, sign in reversed(_SIGNS.items())}  # ○ alone: cannot tell
_PLAIN = {
    "›": ">",
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "×": "x",
    "→": "->",
    "≥": ">=",
    "≤": "<=",
    "≈": "about ",
    "·": "-",
    "•": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "“": '"',
    "”": '"',
    "─": "-",
    "│": "|",
}


def _encoding(stream: IO[Any] | None) -> str | None:
    found = getattr(sys.stdout if stream is None else stream, "encoding", None)
    return found if isinstance(found, str) else None


def _fits(text: str, encoding: str | None) -> bool:
    """Whether an encoding has every character; a stream without one takes them all."""
    if encoding is None:
        return True
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return text.isascii()
    return True


def verdict_text(verdict: str, *, stream: IO[Any] | None = None) -> str:
    """Return a verdict with its sign, or the word alone where the stream cannot print the sign.

    Parameters
    ----------
    verdict
        ``better``, ``similar``, ``worse``, ``cannot tell``, ``higher``, ``lower`` or
        ``not compared``; any other text is returned as it is.
    stream
        Where it will be printed; standard output unless given.

    Examples
    --------
    >>> import io
    >>> verdict_text("better", stream=io.StringIO())
    '▲ better'
    >>> console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    >>> verdict_text("better", stream=console)
    'better'
    """
    sign = _SIGNS.get(verdict)
    if sign is None or not _fits(sign, _encoding(stream)):
        return verdict
    return f"{sign} {verdict}"


def printable(text: str, *, stream: IO[Any] | None = None) -> str:
    """Return a text that a stream can print: signs become words, › becomes >, accents go.

    Parameters
    ----------
    text
        Any text.
    stream
        Where it will be printed; standard output unless given.

    Returns
    -------
    str
        The text itself wherever the stream has every character of it.

    Examples
    --------
    >>> import io
    >>> console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> printable("a.xlsx › 'Sheet 1' …", stream=console)
    "a.xlsx > 'Sheet 1' ..."
    >>> printable("▼ worse, Pen-y-bont Surgery (Tŷ Gwyn)", stream=console)
    'worse, Pen-y-bont Surgery (Ty Gwyn)'
    """
    encoding = _encoding(stream)
    if _fits(text, encoding):
        return text
    for verdict, sign in _SIGNS.items():
        if not _fits(sign, encoding):
            text = text.replace(f"{sign} {verdict}", verdict)
    return "".join(each if _fits(each, encoding) else _plain(each, encoding) for each in text)


def _plain(character: str, encoding: str | None) -> str:
    """Return the nearest that an encoding has to one character."""
    base = unicodedata.normalize("NFKD", character)[0]
    for nearest in (_WORDS.get(character), _PLAIN.get(character), base):
        if nearest is not None and _fits(nearest, encoding):
            return nearest
    return "?"

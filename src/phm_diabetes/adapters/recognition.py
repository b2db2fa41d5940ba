"""Recognition: which installed adapter reads an input, by the signatures that each declares."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from phm_diabetes.adapters.base import Adapter
from phm_diabetes.adapters.headers import find_header
from phm_diabetes.errors import (
    PluginClashError,
    PluginLoadError,
    PluginNotFoundError,
    SourceLayoutError,
)
from phm_diabetes.plugins import ADAPTERS, load_plugin, plugin_names

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.adapters.sources import Source

__all__ = ["adapter_in", "recognise", "sheets_of"]

_MOST = 0.5


def adapter_in(plugin: object) -> Adapter:
    """Return the adapter that a plug-in is: a class of adapters, or an adapter ready made.

    Raises
    ------
    PluginLoadError
        When it is neither.

    Examples
    --------
    >>> adapter_in(load_plugin(ADAPTERS, "england.qof_prevalence")).name
    'england.qof_prevalence'
    """
    made = plugin() if inspect.isclass(plugin) and not inspect.isabstract(plugin) else plugin
    if not isinstance(made, Adapter):
        message = (
            f"'{plugin}' is not an adapter: it must derive from phm_diabetes.adapters.base.Adapter."
        )
        raise PluginLoadError(message)
    return made


def _likeness(adapter: Adapter, sheet: Sheet) -> float:
    """Share of a layout's headers that a sheet has: 1 where it is recognised."""
    return max((find_header(sheet, each).likeness for each in adapter.signatures), default=0.0)


def sheets_of(adapter: Adapter, source: Source) -> tuple[Sheet, ...]:
    """Return the sheets that an adapter reads; the likeliest one where none is quite right.

    The likeliest sheet then fails with a message about its own headers, which is more use than
    a sentence about the whole file. So does one that has most of the layout's headers beside
    others that have all: it must not be passed over in silence.

    Raises
    ------
    SourceLayoutError
        When no sheet is anything like the layout.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.adapters.sources import open_source
    >>> adapter = adapter_in(load_plugin(ADAPTERS, "england.qof_prevalence"))
    >>> len(sheets_of(adapter, open_source(demo.registers())))
    1
    """
    scored = [(_likeness(adapter, sheet), sheet) for sheet in source.sheets]
    if any(score == 1 for score, _ in scored):
        return tuple(sheet for score, sheet in scored if score > _MOST or adapter.claims(sheet))
    score, likeliest = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if likeliest is not None and (score > 0 or len(scored) == 1):
        return (likeliest,)
    names = ", ".join(repr(sheet.name) for sheet in source.sheets) or "none"
    message = (
        f"{source.file} is not in the layout that '{adapter.name}' reads: none of its sheets "
        f"({names}) has the headers. It reads {adapter.layout}"
    )
    raise SourceLayoutError(message)


def recognise(source: Source) -> Adapter:
    """Return the one installed adapter that recognises an input.

    Adapters that borrow another's layout never compete, and one that cannot be loaded is left
    out of account. One that gathers others' sheets reads the file where it holds more than any
    one of theirs.

    Raises
    ------
    PluginNotFoundError
        When none does.
    PluginClashError
        When several do.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.adapters.sources import open_source
    >>> recognise(open_source(demo.registers())).name
    'england.qof_prevalence'
    """
    claims: dict[str, tuple[Adapter, list[str]]] = {}
    for name in plugin_names(ADAPTERS):
        try:
            adapter = adapter_in(load_plugin(ADAPTERS, name))
        except (PluginLoadError, PluginClashError, TypeError):
            continue
        if adapter.layout_of is not None:
            continue
        sheets = [sheet.name for sheet in source.sheets if _likeness(adapter, sheet) == 1]
        if sheets:
            claims[name] = (adapter, sheets)
    claims = _gathered(claims)
    if len(claims) == 1:
        return next(iter(claims.values()))[0]
    if claims:
        held = "; ".join(
            f"'{name}' ({', '.join(sheets) or source.file})" for name, (_, sheets) in claims.items()
        )
        message = f"{source.file} can be read by {held}. Pass adapter= the one you mean."
        raise PluginClashError(message)
    message = (
        f"No installed adapter recognises {source.file}. Pass adapter= one of "
        f"{', '.join(plugin_names(ADAPTERS))}, to hear what that one misses."
    )
    raise PluginNotFoundError(message)


def _gathered(claims: dict[str, tuple[Adapter, list[str]]]) -> dict[str, tuple[Adapter, list[str]]]:
    """Settle claims between an adapter and those whose sheets it gathers."""
    yielding: set[str] = set()
    for name, (adapter, sheets) in claims.items():
        parts = [other for other in adapter.gathers if other in claims]
        if any(claims[other][1] == sheets for other in parts):
            yielding.add(name)
        else:
            yielding.update(parts)
    return {name: claim for name, claim in claims.items() if name not in yielding}

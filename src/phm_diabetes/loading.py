"""Loading: one input through one adapter, every row of it used or reported."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from phm_diabetes.adapters.base import Adapter, Context, Mapped
from phm_diabetes.adapters.finishing import finish
from phm_diabetes.adapters.recognition import adapter_in, recognise, sheets_of
from phm_diabetes.adapters.sources import open_source
from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period
from phm_diabetes.plugins import ADAPTERS, load_plugin

if TYPE_CHECKING:
    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography

__all__ = ["chosen_adapter", "load", "mapped_sheets"]


def load(
    source: Any,  # noqa: ANN401 - path, open file or DataFrame; open_source narrows it
    *,
    adapter: str | os.PathLike[str] | Adapter | type[Adapter] | None = None,
    period: str | Period | None = None,
    geo: Geography | None = None,
    encoding: str = "utf-8",
    problems: Literal["raise", "report"] = "raise",
) -> Extract:
    """Load a file into typed tables.

    Parameters
    ----------
    source
        Path of a CSV, xlsx, Parquet or zip file, an open file, or a DataFrame.
    adapter
        Name of an installed adapter, such as ``"england.qof_prevalence"``; path of a manifest,
        such as ``"reviews.toml"``; or an adapter of your own. ``None`` recognises the layout by
        its headers.
    period
        The period covered, such as ``"2022-23"``, where neither the layout nor the file's name
        says it.
    geo
        Who belongs where, for an adapter of a Place, such as ``"dudley.qof"``.
    encoding
        Of CSV text.
    problems
        ``"raise"`` stops at broken rows, listing all of them; ``"report"`` sets them aside, lists
        them in ``extract.problems``, and goes on with the rest.

    Returns
    -------
    Extract
        Tables, problems, and provenance in which rows read = used + reported.

    Raises
    ------
    SourceReadError
        When the input cannot be read at all.
    SourceLayoutError
        When it is not in the adapter's layout.
    SourceDataError
        When rows break the rules; ``.problems`` lists every one.
    PluginNotFoundError
        When no adapter of that name is installed, or none recognises the input.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), period="2022-23")
    >>> extract.provenance.adapter
    'england.qof_prevalence'
    """
    if problems not in {"raise", "report"}:
        message = f"problems= takes 'raise' or 'report', not '{problems}'."
        raise OptionError(message)
    opened = open_source(source, encoding=encoding)
    chosen = chosen_adapter(adapter) if adapter is not None else recognise(opened)
    if geo is not None:
        chosen = chosen.placed_in(geo)
    results = mapped_sheets(chosen, opened, period=period)
    return finish(chosen, opened, results, raise_errors=problems == "raise")


def mapped_sheets(
    adapter: Adapter, opened: Source, *, period: str | Period | None = None
) -> list[tuple[str, Mapped]]:
    """Return what an adapter makes of each sheet that it reads, before anything is validated.

    Parameters
    ----------
    adapter
        Any adapter.
    opened
        An opened source.
    period
        As `load` takes it.

    Raises
    ------
    SourceLayoutError
        When no sheet is in the adapter's layout.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.plugins import ADAPTERS, load_plugin
    >>> adapter = load_plugin(ADAPTERS, "england.qof_prevalence")()
    >>> [(name, mapped)] = mapped_sheets(
    ...     adapter, open_source(demo.registers()), period="2022-23"
    ... )
    >>> mapped.rows_read == len(mapped.tables["counts"])
    True
    """
    sheets = sheets_of(adapter, opened)
    label = None if isinstance(period, Period) else period
    results = []
    for sheet in sheets:
        source_id = f"{adapter.name}:{opened.sha256[:12]}" + (
            f"#{sheet.name}" if len(sheets) > 1 else ""
        )
        covered = period if isinstance(period, Period) else adapter.period_of(sheet, label)
        context = Context(period=covered, source_id=source_id)
        results.append((sheet.name, adapter.to_table(sheet, context)))
    return results


def chosen_adapter(given: str | os.PathLike[str] | Adapter | type[Adapter]) -> Adapter:
    """Return the adapter that a name, a manifest or a class stands for.

    Parameters
    ----------
    given
        As `load` takes it.

    Raises
    ------
    PluginNotFoundError
        When none of that name is installed.
    OptionError
        When a manifest is wrong.

    Examples
    --------
    >>> chosen_adapter("england.qof_prevalence").version
    '1'
    """
    if not isinstance(given, (str, os.PathLike)):
        return adapter_in(given)
    if PurePath(given).suffix.casefold() == ".toml":
        from phm_diabetes.adapters.manifest import is_of_scheme

        if is_of_scheme(given):
            from phm_diabetes.adapters.local_scheme import LocalScheme

            return LocalScheme.from_manifest(given)
        from phm_diabetes.adapters.table import TableAdapter

        return TableAdapter.from_toml(given)
    return adapter_in(load_plugin(ADAPTERS, str(given)))

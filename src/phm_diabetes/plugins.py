"""Plug-ins: adapters and disease areas, found through entry points and loaded when asked for."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import importlib_metadata as metadata
from attrs import frozen

from phm_diabetes.errors import (
    OptionError,
    PluginClashError,
    PluginLoadError,
    PluginNotFoundError,
    did_you_mean,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = [
    "ADAPTERS",
    "DISEASE_AREAS",
    "forget_what_is_installed",
    "installed_areas",
    "library_version",
    "list_adapters",
    "list_disease_areas",
    "load_plugin",
    "measure_cards",
    "plugin_names",
]

ADAPTERS = "phm_diabetes.adapters"
DISEASE_AREAS = "phm_diabetes.disease_areas"


@frozen(kw_only=True)
class _Claim:
    """One package's claim to a name."""

    name: str
    target: str
    package: str
    entry_point: Any


def library_version() -> str:
    """Return the installed version of the library.

    Examples
    --------
    >>> library_version().count(".") >= 1
    True
    """
    return metadata.version("phm-diabetes")


@cache
def _claims(group: str) -> dict[str, tuple[_Claim, ...]]:
    """Every distinct claim to each name; a package that is found twice counts once."""
    found: dict[str, dict[tuple[str, str], _Claim]] = defaultdict(dict)
    for point in metadata.entry_points(group=group):
        package = point.dist.name if point.dist is not None else "an unnamed package"
        claim = _Claim(name=point.name, target=point.value, package=package, entry_point=point)
        found[point.name][package, point.value] = claim
    return {name: tuple(claims.values()) for name, claims in sorted(found.items())}


def forget_what_is_installed() -> None:
    """Look for plug-ins again: a package was installed while the program runs.

    Examples
    --------
    >>> forget_what_is_installed()
    """
    _claims.cache_clear()


def plugin_names(group: str) -> tuple[str, ...]:
    """Return the names installed in a group, sorted, without importing anything.

    Parameters
    ----------
    group
        `ADAPTERS` or `DISEASE_AREAS`.

    Examples
    --------
    >>> "england.qof_prevalence" in plugin_names(ADAPTERS)
    True
    """
    return tuple(_claims(group))


def load_plugin(group: str, name: str) -> Any:  # noqa: ANN401 - the group says what it is
    """Import one plug-in and return what its entry point names.

    Raises
    ------
    PluginNotFoundError
        When nothing of that name is installed; the message suggests the nearest.
    PluginClashError
        When two packages claim the name.
    PluginLoadError
        When the plug-in cannot be imported.

    Examples
    --------
    >>> load_plugin(ADAPTERS, "england.qof_prevalence").place
    'england'
    """
    claims = list(_claims(group).get(name, ()))
    if not claims:
        installed = plugin_names(group)
        noun = "adapter" if group == ADAPTERS else "disease area"
        message = (
            f"No {noun} called '{name}' is installed. Installed: {', '.join(installed) or 'none'}."
            + did_you_mean(name, installed)
        )
        raise PluginNotFoundError(message)
    if len(claims) > 1:
        packages = " and ".join(sorted(claim.package for claim in claims))
        message = (
            f"The name '{name}' is claimed by {packages}. Uninstall one, or ask its author to "
            "rename the entry point."
        )
        raise PluginClashError(message)
    return _imported(claims[0])


def _imported(claim: _Claim) -> Any:  # noqa: ANN401 - as load_plugin
    try:
        return claim.entry_point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it may fail in any way, but alone
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
    message = (
        f"'{claim.name}' of package {claim.package} cannot be loaded ({reason}). Update or "
        "uninstall that package; nothing else is affected."
    )
    raise PluginLoadError(message)


def list_adapters() -> pd.DataFrame:
    """Say what can be read: every installed adapter, and what is wrong with those that fail.

    Returns
    -------
    DataFrame
        ``name, place, dataset, layout, version, description, package, status``, sorted by name;
        the status is ``ready`` or the reason why the adapter cannot be used.

    Examples
    --------
    >>> list_adapters().set_index("name").loc["england.qof_prevalence", "status"]
    'ready'
    """
    import pandas as pd

    columns = ["name", "place", "dataset", "layout", "version", "description", "package", "status"]
    rows = []
    for name, claims in _claims(ADAPTERS).items():
        place, _, dataset = name.partition(".")
        row = dict.fromkeys(columns, "") | {
            "name": name,
            "place": place,
            "dataset": dataset,
            "package": ", ".join(claim.package for claim in claims),
        }
        try:
            adapter = load_plugin(ADAPTERS, name)
            row |= {
                "layout": adapter.layout_of or adapter.layout,
                "version": adapter.version,
                "description": adapter.description,
                "status": "ready",
            }
        except (PluginClashError, PluginLoadError) as error:
            row["status"] = str(error)
        except AttributeError as error:
            row["status"] = f"Not an adapter: it has no {error.name}."
        rows.append(row)
    return pd.DataFrame(rows, columns=columns)


def installed_areas() -> tuple[DiseaseArea, ...]:
    """Return the installed disease areas that can be loaded, sorted by name.

    Examples
    --------
    >>> [area.id for area in installed_areas()][-1]
    'qof_registers'
    """
    from phm_diabetes.model.measures import DiseaseArea

    areas = []
    for name in plugin_names(DISEASE_AREAS):
        try:
            area = load_plugin(DISEASE_AREAS, name)
        except (PluginLoadError, PluginClashError):
            continue
        if isinstance(area, DiseaseArea):
            areas.append(area)
    return tuple(areas)


def list_disease_areas() -> pd.DataFrame:
    """Say which disease areas are installed, with the number of their measures.

    Examples
    --------
    >>> list(list_disease_areas().columns)
    ['name', 'title', 'measures', 'description', 'status']
    """
    import pandas as pd

    rows = []
    for name in plugin_names(DISEASE_AREAS):
        row: dict[str, Any] = {"name": name, "title": "", "measures": 0, "description": ""}
        try:
            area = load_plugin(DISEASE_AREAS, name)
            row |= {
                "title": area.name,
                "measures": len(area.measures),
                "description": area.description,
                "status": "ready",
            }
        except (PluginClashError, PluginLoadError) as error:
            row["status"] = str(error)
        except AttributeError as error:
            row["status"] = f"Not a disease area: it has no {error.name}."
        rows.append(row)
    return pd.DataFrame(rows, columns=["name", "title", "measures", "description", "status"])


def measure_cards(
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> dict[str, Measure]:
    """Return measure cards by id: of one area, of a list, or of every installed area.

    Parameters
    ----------
    measures
        A disease area, a list of cards, or ``None`` for the installed areas.

    Raises
    ------
    OptionError
        When something else is given, such as ids.
    PluginClashError
        When two installed areas hold different cards of one id.

    Examples
    --------
    >>> measure_cards()["copd.register"].polarity
    'neither'
    """
    from phm_diabetes.model.measures import DiseaseArea, Measure

    if measures is not None:
        given = measures.measures if isinstance(measures, DiseaseArea) else measures
        cards = [card for card in cast("Sequence[object]", given) if isinstance(card, Measure)]
        if len(cards) < len(given):
            message = (
                "measures= takes a disease area or a list of cards, or None for the installed "
                "areas; it holds something else, such as an id."
            )
            raise OptionError(message)
        return {card.id: card for card in cards}
    known: dict[str, Measure] = {}
    for area in installed_areas():
        for card in area.measures:
            if known.setdefault(card.id, card) != card:
                message = (
                    f"Measure '{card.id}' has two cards, one of them in disease area '{area.id}'. "
                    "Pass measures= the area you mean."
                )
                raise PluginClashError(message)
    return known

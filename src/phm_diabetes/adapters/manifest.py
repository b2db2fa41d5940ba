"""Manifests: a layout declared in a TOML file, by people who write no Python."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phm_diabetes.adapters.declared import Column
from phm_diabetes.adapters.layouts import refuse_unknown
from phm_diabetes.adapters.ranges import Rounding
from phm_diabetes.errors import OptionError, SourceReadError, did_you_mean
from phm_diabetes.files import reach
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS

if TYPE_CHECKING:
    import os

__all__ = ["fields_of", "is_of_scheme"]

_POLICIES = {"published": PUBLISHED, "small_numbers": SMALL_NUMBERS}
_LISTS = ("tables", "not_read", "footers", "missing", "input_forms")
_PAIRS = ("hidden", "measures")
_COLUMN = ("header", "kind", "to", "level", "others", "optional")


def fields_of(path: str | os.PathLike[str]) -> dict[str, Any]:
    r"""Return the fields of a manifest, as a class would declare them.

    Parameters
    ----------
    path
        Of a TOML file whose keys are :data:`phm_diabetes.adapters.layouts.FIELDS`.

    Raises
    ------
    SourceReadError
        When the file is missing or may not be read.
    OptionError
        When it is not TOML, or has a field that no layout has.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "reviews.toml"
    ...     _ = path.write_text('place = "north"\nrounding = { to = 5 }')
    ...     fields_of(path)
    {'place': 'north', 'rounding': Rounding(to=5, small=None)}
    """
    where = Path(path).name
    given = _parsed(where, path)
    refuse_unknown(where, given)
    if isinstance(given.get("columns"), dict):
        given["columns"] = {
            name: _column(where, name, column) for name, column in given["columns"].items()
        }
    if "rounding" in given:
        given["rounding"] = _rounding(where, given["rounding"])
    if "policy" in given:
        given["policy"] = _POLICIES.get(str(given["policy"]), given["policy"])
    for name in _LISTS:
        if isinstance(given.get(name), list):
            given[name] = tuple(given[name])
    for name in _PAIRS:
        if isinstance(given.get(name), dict):
            given[name] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in given[name].items()
            }
    return given


def is_of_scheme(path: str | os.PathLike[str]) -> bool:
    """Whether a manifest lists indicators, as that of a local scheme does, and not columns.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "reviews.toml"
    ...     _ = path.write_text('place = "north"')
    ...     is_of_scheme(path)
    False
    """
    return "indicators" in _parsed(Path(path).name, path)


def _parsed(where: str, path: str | os.PathLike[str]) -> dict[str, Any]:
    reason = ""
    try:
        return tomllib.loads(reach(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        reason = "there is no such file. Check the path"
    except UnicodeError:
        message = f"{where} is not UTF-8 text. Save it again as UTF-8."
        raise OptionError(message) from None
    except OSError as error:
        reason = f"{error.strerror or 'the system refuses'}. Check the path"
    except tomllib.TOMLDecodeError as error:
        message = f"{where} is not TOML: {error}. Put the text of a value in quotation marks."
        raise OptionError(message) from None
    message = f"{where} cannot be read: {reason}."
    raise SourceReadError(message)


def _column(where: str, name: str, given: object) -> Column:
    place = f"{where} › columns.{name}"
    if not isinstance(given, dict) or not {"header", "kind"} <= set(given):
        message = (
            f'{place} needs a header and a kind: {{ header = "Code", kind = "ods_practice" }}.'
        )
        raise OptionError(message)
    for key in given:
        if key not in _COLUMN:
            message = f"{place}.{key} is no field of a column.{did_you_mean(key, _COLUMN)}"
            raise OptionError(message)
    return Column(**given)


def _rounding(where: str, given: object) -> Rounding:
    try:
        return Rounding(**given)  # type: ignore[arg-type]
    except (TypeError, ValueError, IndexError):
        message = (
            f"{where} › rounding must be such as {{ to = 5 }} or {{ to = 5, small = [1, 7] }}."
        )
    raise OptionError(message)

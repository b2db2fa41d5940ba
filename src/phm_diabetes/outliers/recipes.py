"""Recipes by name: what may be given as the choice of over-dispersion."""

from __future__ import annotations

from typing import Literal

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.outliers.overdispersion import CQC, SHMI, Recipe

__all__ = ["recipe_named"]

_NAMED = {recipe.name: recipe for recipe in (SHMI, CQC)}


def recipe_named(given: Recipe | str) -> Recipe | Literal["none"]:
    """Return a recipe by its name; ``"none"``, and a recipe itself, are returned as they are.

    Parameters
    ----------
    given
        ``"none"``, ``"SHMI"``, ``"CQC"``, or a recipe.

    Raises
    ------
    OptionError
        When there is no recipe of that name.

    Examples
    --------
    >>> recipe_named("CQC").scale
    'square_root'
    """
    if isinstance(given, Recipe):
        return given
    if given == "none":
        return "none"
    if given in _NAMED:
        return _NAMED[given]
    message = (
        f"overdispersion= is {given!r}. Choose 'none', {', '.join(map(repr, _NAMED))}, or a Recipe "
        "of your own, such as Recipe(name='ours', model='additive', scale='arcsine')."
    ) + did_you_mean(str(given), _NAMED)
    raise OptionError(message)

"""The contract: inherit it in a test file, say three things, and an adapter proves itself."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from phm_diabetes.loading import chosen_adapter
from phm_diabetes.testing.case import Case
from phm_diabetes.testing.figure_laws import FigureLaws
from phm_diabetes.testing.identity_laws import IdentityLaws
from phm_diabetes.testing.input_laws import InputLaws
from phm_diabetes.testing.privacy_laws import PrivacyLaws
from phm_diabetes.testing.row_laws import RowLaws

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from phm_diabetes.adapters.base import Adapter
    from phm_diabetes.model.periods import Period

__all__ = ["AdapterContract"]

_CASES: dict[type, Case] = {}


class AdapterContract(IdentityLaws, FigureLaws, RowLaws, InputLaws, PrivacyLaws):
    """Laws that every adapter keeps, as tests that a third party's test class inherits.

    Attributes
    ----------
    adapter
        Class of the adapter, an adapter, its installed name, or the path of a manifest.
    sample
        A made-up file in the layout: its path, its bytes, a DataFrame, or a function that
        returns one of these. A few records are plenty; three are the least.
    known
        Cells of the main table that a person read in the sample: each a mapping with what tells
        the row apart (``measure``, ``org_code``, ``period``, dimensions) and its figures. At
        least one for every measure.
    period
        As :func:`phm_diabetes.load` takes it, where neither the layout nor the sample says it.
    installed
        Whether the adapter has an entry point; a manifest need not.
    footers
        Whether the sample has totals or notes, which are reported and not used.
    merged_headers
        Whether the header takes several rows, with cells merged across.
    optional_columns
        Headers whose absence the layout allows, though the figures then differ.
    xfails
        Law, by the name of its test, and why the *publisher* breaks it; an adapter's own faults
        are mended. A law that is kept after all fails the run.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> class TestQofPrevalence(AdapterContract):
    ...     adapter = "england.qof_prevalence"
    ...     sample = staticmethod(demo.registers)
    ...     period = "2022-23"
    >>> TestQofPrevalence.as_case().adapter.name
    'england.qof_prevalence'
    """

    adapter: ClassVar[str | os.PathLike[str] | Adapter | type[Adapter]]
    sample: ClassVar[Any]
    known: ClassVar[Sequence[Mapping[str, Any]]] = ()
    period: ClassVar[str | Period | None] = None
    installed: ClassVar[bool] = True
    footers: ClassVar[bool] = False
    merged_headers: ClassVar[bool] = False
    optional_columns: ClassVar[tuple[str, ...]] = ()
    xfails: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def as_case(cls) -> Case:
        """Return the adapter and its sample, ready for the laws."""
        return Case(
            adapter=chosen_adapter(cls.adapter),
            make_sample=_maker(inspect.getattr_static(cls, "sample"), cls),
            known=tuple(cls.known),
            period=cls.period,
            installed=cls.installed,
            footers=cls.footers,
            merged_headers=cls.merged_headers,
            optional_columns=tuple(cls.optional_columns),
        )

    @pytest.fixture
    def case(self) -> Case:
        """Return the adapter and its sample, opened and read once for all laws."""
        owner = type(self)
        if owner not in _CASES:
            _CASES[owner] = owner.as_case()
        return _CASES[owner]


def _maker(stated: Any, owner: type[AdapterContract]) -> Callable[[], Any]:  # noqa: ANN401 - any sample
    """Return what gives the sample afresh, whether it is stated as a value or as a function."""
    if isinstance(stated, staticmethod):
        return stated.__func__
    if inspect.isfunction(stated):
        return (lambda: stated(owner())) if inspect.signature(stated).parameters else stated
    return lambda: stated

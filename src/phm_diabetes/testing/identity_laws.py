"""Laws of what an adapter is: said in words, found by its name, and giving what it declares."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING

from phm_diabetes.adapters.base import INPUT_FORMS
from phm_diabetes.adapters.recognition import recognise
from phm_diabetes.errors import PhmError
from phm_diabetes.model.measures import MEASURE_ID
from phm_diabetes.plugins import ADAPTERS, load_plugin
from phm_diabetes.testing.reading import read

if TYPE_CHECKING:
    from phm_diabetes.testing.case import Case

__all__ = ["IdentityLaws"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FEWEST_WORDS = 5


class IdentityLaws:
    """Laws of what an adapter is.

    Examples
    --------
    >>> [name for name in vars(IdentityLaws) if name.startswith("test_")][0]
    'test_it_says_what_it_reads'
    """

    def test_it_says_what_it_reads(self, case: Case) -> None:
        """Names, version, layout and description are words that help a person."""
        adapter = case.adapter
        for field in ("place", "dataset"):
            if not _NAME.fullmatch(str(getattr(adapter, field, ""))):
                case.broken(
                    f"its {field} is no name",
                    hint="Use lower-case letters, digits and underscores",
                )
        for field in ("layout", "description"):
            if len(str(getattr(adapter, field, "")).split()) < _FEWEST_WORDS:
                case.broken(f"its {field} says next to nothing", hint="Write a sentence")
        if not str(adapter.version).strip() or not adapter.signatures or not adapter.tables:
            case.broken("has no version, signature or table", hint="Declare all three")
        rules = adapter.duplicates
        stated = {rules} if isinstance(rules, str) else {rules.get(name) for name in adapter.tables}
        if not stated <= {"refuse", "report"} or not adapter.input_forms:
            case.broken("has no rule on duplicates, or no input form", hint="See Adapter")
        if not set(adapter.input_forms) <= set(INPUT_FORMS):
            case.broken("has an unknown input form", hint=f"Known: {', '.join(INPUT_FORMS)}")

    def test_it_is_found_by_its_name_and_by_its_headers(self, case: Case) -> None:
        """Its entry point has its name, and an unnamed load of the sample chooses it."""
        if not case.installed:
            return
        name = case.adapter.name
        try:
            plugin = load_plugin(ADAPTERS, name)
            chosen = name if case.adapter.layout_of else recognise(case.source).name
        except PhmError as error:
            why = str(error)
        else:
            own = plugin in {type(case.adapter), case.adapter}
            if own and chosen == name:
                return
            why = f"the entry point '{name}' is another, or '{chosen}' takes its sample"
        case.broken(
            why,
            hint=f'Declare "{name}" under [project.entry-points."{ADAPTERS}"] and reinstall, or '
            "say installed = False",
        )

    def test_its_tables_meet_their_schemas(self, case: Case) -> None:
        """A load gives the declared tables, valid, the main one first."""
        tables = case.extract.tables
        if list(tables) != list(case.adapter.tables):
            case.broken(
                f"declares {', '.join(case.adapter.tables)} and gives {', '.join(tables)}",
                hint="Declare in `tables` what to_table gives, the main one first",
            )
        empty = [name for name, table in tables.items() if not len(table)]
        if empty:
            case.broken(
                f"finds nothing in the sample for {', '.join(empty)}",
                hint="Give a sample that fills every table",
            )
        if "counts" in tables:
            ids = tables["counts"]["measure"].astype(str).unique()
            wrong = [each for each in ids if not re.fullmatch(MEASURE_ID, each)]
            if wrong:
                case.broken(f"'{wrong[0]}' is no measure id", hint="Such as copd.register")

    def test_it_pickles(self, case: Case) -> None:
        """Adapter and extract survive a trip to another process, and read alike there."""
        try:
            # What is loaded was dumped in the line before.
            adapter, extract = pickle.loads(pickle.dumps((case.adapter, case.extract)))  # noqa: S301
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            why = type(error).__name__
            case.broken(f"cannot be pickled ({why})", hint="Keep lambdas and open files out of it")
        same = all(
            table.equals(extract.tables[name]) for name, table in case.extract.tables.items()
        )
        again = read(adapter, case.source, period=case.period)
        if not same or again.figures() != case.reading.figures():
            case.broken("reads otherwise after pickling", hint="Keep no state on the adapter")

"""The executor for files and pandas tables: blocks checked, packed, and counted by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.records.checking import Checker
from phm_diabetes.records.copies import Copied, CopyFinder, key_columns
from phm_diabetes.records.counted_rows import PERSON, RowPacker, columns_asked
from phm_diabetes.records.digesting import Digest
from phm_diabetes.records.faults import MOST_NAMED, Heard, finding_of, merged
from phm_diabetes.records.framing import as_frame
from phm_diabetes.records.id_words import as_words, mixed
from phm_diabetes.records.measures import Distinct
from phm_diabetes.records.packing import chosen
from phm_diabetes.records.passes import PART_SHIFT, checked_parts, in_threads, threads
from phm_diabetes.records.plan import Plan
from phm_diabetes.records.progress import Progress
from phm_diabetes.records.recounting import Recounter, people_of
from phm_diabetes.records.resolving import Resolved, resolve
from phm_diabetes.records.sealing import Seal
from phm_diabetes.records.spooling import Spool
from phm_diabetes.records.survey import Finding, Survey
from phm_diabetes.records.tallied import tally_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.blocks import RecordSource
    from phm_diabetes.records.checked import Checked
    from phm_diabetes.records.layout import RecordLayout

    Ints = NDArray[np.int64]

__all__ = ["BlockExecutor"]

_NOTHING = Plan(measures=(), by=(), groupings=())
_WIDTH = 2  # numbers an id at least, of eight bytes each


class BlockExecutor:
    """Count records of a file, or of a pandas table, with bounded memory.

    Every distinct text is judged once; counted rows go to buckets by person, where people are
    counted exactly, level by level and span by span.

    Parameters
    ----------
    source
        What is read.
    layout
        How.
    options
        What the caller says of the source, by name.
    key
        The caller's key for pseudonyms.
    progress
        Whether to show rows and time left; ``None`` where someone watches.
    most_named
        Rows that a finding names.
    digest
        Made beside the first reading, so that it is of the bytes that were read; none is made
        where it is left out.

    Raises
    ------
    SourceLayoutError
        When a column that the layout needs is absent.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.frame_blocks import FrameSource
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")))
    >>> table = pd.DataFrame({"ID": ["1", "2"], "SEEN": ["2023-04-01", "soon"]})
    >>> survey = BlockExecutor(FrameSource(table), layout).survey()
    >>> survey.rows_used, survey.findings[0].rule, survey.findings[0].first
    (1, 'date', (3,))
    """

    def __init__(
        self,
        source: RecordSource,
        layout: RecordLayout,
        *,
        options: Mapping[str, str] | None = None,
        key: bytes | None = None,
        progress: bool | None = None,
        most_named: int = MOST_NAMED,
        digest: Digest | None = None,
    ) -> None:
        self.source, self.layout = source, layout
        self.digest = Digest(str) if digest is None else digest
        self.resolved: Resolved = resolve(
            layout, source.headers, file=source.file, options=options, key=key
        )
        self._shown, self.most_named = progress, most_named

    def survey(self) -> Survey:
        """Check every row, and count the rows used and reported by rule."""
        return _Pass(self, _NOTHING).run().survey

    def named_rows(self, most: int) -> Survey:
        """Survey once more, and name as many rows as are asked for of each rule."""
        named, self.most_named = self.most_named, most
        try:
            return self.survey()
        finally:
            self.most_named = named

    def tally(self, plan: Plan, *, egress: Policy) -> tuple[pd.DataFrame, Survey]:
        """Count, and return the cells that the policy lets out: see `Executor`."""
        done = _Pass(self, plan).run()
        return tally_table(done.packer, done.recounted(), egress), done.survey

    def frame(self, columns: Sequence[str], *, most: int) -> pd.DataFrame:
        """Return the used rows' canonical columns with their ``source_row``, in their order.

        Raises
        ------
        OptionError
            When there are more than `most` of them.
        """
        return self.framed(columns, most=most)[0]

    def framed(self, columns: Sequence[str], *, most: int) -> tuple[pd.DataFrame, Survey]:
        """Return the used rows as `frame` does, with what became of every row."""
        done = _Pass(self, _NOTHING).run()
        return as_frame(self, done.dropped, columns, most=most), done.survey

    def again(self, checker: Checker) -> Iterator[tuple[int, Checked]]:
        """Read the source once more, part after part, in the parts that a pass has."""
        parts = self.source.parts(self.resolved.few, self.resolved.many, most=threads())
        for number, part in enumerate(parts):
            for block in part:
                yield number, checker.check(block, Heard())

    @property
    def progress(self) -> Progress:
        """A line of progress for one pass."""
        return Progress(self.source.file, shown=self._shown)


class _Pass:
    """One reading of the source, and what was found in it."""

    def __init__(self, executor: BlockExecutor, plan: Plan) -> None:
        layout = executor.layout
        self._executor, self._plan = executor, plan
        ids = [column.name for column in layout.columns if column.kind == "id"]
        self._checker = Checker(
            executor.resolved, wanted={*key_columns(layout), *columns_asked(plan, layout), *ids}
        )
        self.packer = RowPacker(layout, plan, self._checker.vocabularies)
        self._copies = CopyFinder(
            executor.resolved, self._checker.vocabularies, executor.most_named
        )
        self._copied_ids = set(ids) & key_columns(layout)
        self.dropped: Ints = np.zeros(0, dtype=np.int64)
        distinct = [side.column for _, _, side in self.packer.sides if isinstance(side, Distinct)]
        names = dict.fromkeys([PERSON, *distinct]) if plan.measures else {}
        self._spools = {name: Spool() for name in names}
        self._seal = Seal()
        self.survey = Survey(rows_read=0, rows_used=0)

    def run(self) -> _Pass:
        """Read, and find copies."""
        executor = self._executor
        progress, hashed = executor.progress, executor.digest.begin()
        heard, records, used = checked_parts(
            executor.source,
            executor.resolved,
            self._checker,
            then=self._take,
            progress=progress,
            most_named=executor.most_named,
        )
        progress.end()
        hashed.result()
        starts = np.concatenate([[0], np.cumsum(records)[:-1]]).astype(int).tolist()
        self.dropped, copied = self._copies.copies(lambda: self._again(starts))
        self.survey = Survey(
            rows_read=sum(records),
            rows_used=sum(used) - len(self.dropped),
            findings=_findings(executor.resolved, heard, starts, copied),
        )
        return self

    def _again(self, starts: Sequence[int]) -> Iterator[tuple[Checked, Ints, Ints]]:
        for part, checked in self._executor.again(self._checker):
            rows = np.arange(checked.block.rows)
            lines = checked.block.lines(rows) + starts[part] + 2
            yield checked, _names(part, checked, rows), lines

    def _take(self, part: int, checked: Checked) -> None:
        names = _names(part, checked, np.arange(checked.block.rows))
        words = {
            name: self._words(checked, name, names)
            for name in self._spools.keys() | self._copied_ids
        }
        hashes = {name: mixed(each.T) for name, each in words.items()}
        if self._executor.layout.duplicates:
            self._copies.note(checked, names, hashes)
        for name, spool in self._spools.items():
            packed, kept = self.packer.pack(checked, _missing(checked, name))
            width, own = packed.shape[1] + 1, chosen(words[name], kept)
            rows = np.empty((len(packed), width + own.shape[1]), dtype=np.int64)
            rows[:, : width - 1] = packed
            rows[:, width - 1] = chosen(names, kept)
            rows[:, width:] = own.view(np.int64)
            spool.add(rows, chosen(hashes[name], kept))

    def _words(self, checked: Checked, name: str, names: Ints) -> NDArray[np.uint64]:
        """Return the ids of a column as sealed numbers; a row without one is known by its name."""
        if name not in checked.ids:
            return names.view(np.uint64).reshape(-1, 1)
        texts, missing = checked.ids[name]
        found = self._seal.sealed(as_words(texts, _WIDTH))
        if missing is not None:
            found[missing] = 0
            found[missing, 0] = names[missing]
        return found

    def recounted(self) -> dict[str, list[Recounter]]:
        """Add up every group of rows; one list of groupings for each id that was counted."""
        return {name: self._recount(spool) for name, spool in self._spools.items()}

    def _recount(self, spool: Spool) -> list[Recounter]:
        found = [Recounter(self.packer, each) for each in self._plan.groupings]
        at = self.packer.packing.width + len(self.packer.totals)

        def add(rows: Ints) -> None:
            if len(self.dropped):
                rows = rows[~np.isin(rows[:, at], self.dropped)]
            if len(rows):
                people, count = people_of(self.packer, rows)
                packed = rows[:, :at].copy(order="F")  # columns are read again and again
                for each in found:
                    each.add(packed, people, count)

        in_threads(spool.groups(), add)
        return found


def _missing(checked: Checked, name: str) -> NDArray[np.bool_] | None:
    """Return whether each row lacks an id; ``None`` where each has one."""
    if name in checked.ids:
        return checked.ids[name][1]
    return np.ones(checked.block.rows, dtype=bool)


def _names(part: int, checked: Checked, rows: Ints) -> Ints:
    """Return what each row is called within a pass."""
    return (part << PART_SHIFT) + checked.block.start + rows


def _findings(
    resolved: Resolved, heard: Sequence[Heard], starts: Sequence[int], copied: Sequence[Copied]
) -> tuple[Finding, ...]:
    layout = resolved.layout
    rules = {rule.name: rule for rule in layout.rules}
    strict = {
        header: column.broken == "set_aside"
        for column in layout.columns
        for header in resolved.headers[column.name]
    }
    found = []
    for (name, header), broken in merged(heard, starts).items():
        rule = rules.get(name) if not header else None
        if rule is None:
            aside = not header or strict[header] or name == "missing"
            found.append(finding_of(name, header, broken, sets_aside=aside))
            continue
        found.append(
            Finding(
                rule=name,
                column="",
                rows=broken.rows,
                first=tuple(broken.first),
                message=rule.message,
                advice=rule.advice,
                severity=rule.severity,
                sets_aside=rule.sets_aside,
            )
        )
    found += [copy_finding(each) for each in copied]
    return tuple(found)


def copy_finding(copied: Copied) -> Finding:
    """Return what a rule of copies found.

    Examples
    --------
    >>> from phm_diabetes.records.layout import Duplicates
    >>> copy_finding(Copied(Duplicates(name="record key", key=("id",)), rows=2)).rows
    2
    """
    rule = copied.rule
    return Finding(
        rule=rule.name,
        column="",
        rows=copied.rows,
        first=tuple(copied.first),
        message=f"is another copy of a record, by the rule '{rule.name}'",
        advice="Nothing to do, unless there are more than the publisher says.",
        severity="info" if rule.sets_aside else "warning",
        sets_aside=rule.sets_aside,
    )

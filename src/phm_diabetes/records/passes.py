"""Passes: every block of a source checked, in threads where the source comes in parts."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from phm_diabetes.records.faults import MOST_NAMED, Heard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    Item = TypeVar("Item")

    from phm_diabetes.records.blocks import Block, RecordSource
    from phm_diabetes.records.checked import Checked
    from phm_diabetes.records.checking import Checker
    from phm_diabetes.records.progress import Progress
    from phm_diabetes.records.resolving import Resolved

__all__ = ["PART_SHIFT", "checked_parts", "in_threads", "threads"]

PART_SHIFT = 40
"""A row is known within a pass as ``part << PART_SHIFT`` plus its position in the part."""


def threads() -> int:
    """Return how many threads read a source: one a core, and at most four.

    Examples
    --------
    >>> 1 <= threads() <= 4
    True
    """
    return max(1, min(4, os.cpu_count() or 1))


def in_threads(items: Iterator[Item], work: Callable[[Item], None]) -> None:
    """Do some work with each item, in threads, of which each takes the next when it is free.

    Parameters
    ----------
    items
        Made one after another, and no sooner than they are taken.
    work
        What is done with each.

    Examples
    --------
    >>> found: list[int] = []
    >>> in_threads(iter([1, 2]), found.append)
    >>> sorted(found)
    [1, 2]
    """
    lock, stop = threading.Lock(), threading.Event()

    def run() -> None:
        try:
            while not stop.is_set():
                with lock:
                    item = next(items, None)
                if item is None:
                    return
                work(item)
        except BaseException:
            stop.set()
            raise

    count = threads()
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(run) for _ in range(count)]:
            done.result()


def checked_parts(
    source: RecordSource,
    resolved: Resolved,
    checker: Checker,
    *,
    then: Callable[[int, Checked], None],
    progress: Progress,
    most_named: int = MOST_NAMED,
) -> tuple[list[Heard], list[int], list[int]]:
    """Check every block of a source, and hand each on.

    Parameters
    ----------
    source, resolved, checker
        What is read, and by which rules.
    then
        Called with the number of the part and the checked block, from the part's own thread.
    progress
        Told of every block.
    most_named
        Rows that are named of each rule broken.

    Returns
    -------
    heard : list of Heard
        One a part.
    records, used : list of int
        Records read and used of each part; duplicates are not looked for.

    Examples
    --------
    >>> checked_parts.__name__
    'checked_parts'
    """
    parts = source.parts(resolved.few, resolved.many, most=threads())
    stop = threading.Event()

    def run(number: int, blocks: Iterator[Block]) -> tuple[Heard, int, int]:
        heard, records, used = Heard(most_named), 0, 0
        try:
            for block in blocks:
                if stop.is_set():
                    break
                checked = checker.check(block, heard)
                if block.rows:
                    then(number, checked)
                records += block.rows + len(block.gaps)
                used += int(checked.used.sum())
                progress.step(block.rows, block.share)
        except BaseException:
            stop.set()
            raise
        return heard, records, used

    if len(parts) == 1:
        results = [run(0, parts[0])]
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            results = list(pool.map(run, range(len(parts)), parts))
    source.release()
    heard, records, used = (list(each) for each in zip(*results, strict=True))
    return heard, records, used

"""Rows are numbered alike however they lie: in runs, block after block, or in no order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.schemas.keys import are_distinct, group_ids, ranked
from phm_diabetes.schemas.repeats import repeats_of

few_numbers = st.lists(st.integers(0, 6), min_size=1, max_size=12).map(np.array)


@st.composite
def numbers_in_some_order(draw):
    """Draw numbers that run, that repeat in blocks, both, or neither."""
    numbers = draw(few_numbers)
    numbers = np.repeat(numbers, draw(st.integers(1, 6)))
    numbers = np.tile(numbers, draw(st.integers(1, 4)))
    return np.concatenate([numbers, draw(few_numbers)]) if draw(st.booleans()) else numbers


@given(numbers=numbers_in_some_order(), is_told_width=st.booleans())
def test_ranks_are_those_of_sorted_distinct_keys(numbers, is_told_width):
    distinct, first, wanted = np.unique(numbers, return_index=True, return_inverse=True)
    ids, one_row = ranked(numbers, int(numbers.max()) + 1 if is_told_width else None)
    assert ids.tolist() == wanted.tolist()
    assert one_row.tolist() == first.tolist()
    assert numbers[one_row].tolist() == distinct.tolist()


@given(numbers=numbers_in_some_order())
def test_what_is_told_of_the_heads_is_true_of_every_row(numbers):
    found = repeats_of(numbers)
    if found is not None:
        assert found.spread(numbers[found.heads]).tolist() == numbers.tolist()
        counted = found.together(np.add, np.ones(len(numbers), dtype=np.int64))
        assert counted.sum() == len(numbers)


@pytest.mark.parametrize(
    ("numbers", "heads"),
    [([1] * 5 + [2] * 5, 2), ([1, 2, 3] * 3, 3), ([1, 2, 3, 1, 2], None), ([1, 2, 3, 4], None),
     ([1, 2, 1, 3], None), ([1], None), ([], None)],
)  # fmt: skip
def test_repeats_are_seen_only_where_all_rows_repeat(numbers, heads):
    found = repeats_of(np.array(numbers, dtype=np.int64))
    assert (None if found is None else len(found.heads)) == heads


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 3)), min_size=1
    )
)
def test_packed_keys_group_rows_as_pandas_does(rows):
    frame = pd.DataFrame(rows, columns=["one", "two", "three"])
    table = frame.astype({"one": "category", "two": "category"})
    ids, _ = group_ids(table, list(table))
    assert ids.tolist() == frame.groupby(list(frame), sort=True).ngroup().tolist()
    assert are_distinct(table, list(table)) == (not frame.duplicated().any())


def test_keys_too_wide_for_32_bits_and_for_64_are_still_told_apart():
    rows = 40
    words = pd.Categorical.from_codes(
        np.arange(rows) % 20, [f"{each:05}" for each in range(70_000)]
    )
    table = pd.DataFrame(dict.fromkeys("abcdef", words))
    table["b"] = pd.Categorical.from_codes(np.arange(rows), words.categories)
    ids, first = group_ids(table, list("abcdef"))
    assert len(first) == rows
    assert ids.tolist() == [each % 20 * 2 + each // 20 for each in range(rows)]
    assert are_distinct(table, list("abcdef"))
    assert not are_distinct(table, list("acdef"))

"""Sums by group are those of the plain loop, and the same to the last digit in any order."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from phm_diabetes.group_sums import GroupSums

GROUPS = 5


@st.composite
def ids_in_some_order(draw):
    """Draw groups of rows that run, that repeat in blocks, both, or neither."""
    numbers = draw(st.lists(st.integers(0, GROUPS - 1), min_size=1, max_size=8))
    return np.tile(np.repeat(numbers, draw(st.integers(1, 6))), draw(st.integers(1, 4)))


@given(data=st.data(), ids=ids_in_some_order())
def test_whole_numbers_add_up_and_an_empty_part_empties_the_sum(data, ids):
    part = st.one_of(st.none(), st.integers(-9, 10**12))
    parts = data.draw(st.lists(part, min_size=len(ids), max_size=len(ids)))
    found = GroupSums(ids, GROUPS).of_integers(pd.array(parts, dtype="Int64"))
    for group, total in enumerate(found):
        own = [each for each, at in zip(parts, ids, strict=True) if at == group]
        assert total is pd.NA if None in own else total == sum(own)


@given(data=st.data(), ids=ids_in_some_order(), are_whole=st.booleans())
def test_other_numbers_add_up_to_the_same_last_digit_in_any_order(data, ids, are_whole):
    part = st.one_of(st.just(math.nan), st.floats(0, 10**6))
    parts = np.array(data.draw(st.lists(part, min_size=len(ids), max_size=len(ids))))
    parts = np.floor(parts) if are_whole else parts
    found = GroupSums(ids, GROUPS).of_reals(parts)
    order = data.draw(st.permutations(range(len(ids))))
    np.testing.assert_array_equal(GroupSums(ids[order], GROUPS).of_reals(parts[order]), found)
    for group, total in enumerate(found):
        np.testing.assert_allclose(total, parts[ids == group].sum(), rtol=1e-12)

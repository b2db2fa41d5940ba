"""Small tables with everything wrong that a source gets wrong, drawn by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.records_suite.oracle import Table
from tests.records_suite.planted_layouts import (
    CLINIC,
    CLINIC_OPTIONAL,
    CLINIC_TEXTS,
    CONTACTS,
    CONTACTS_TEXTS,
)

_MOST_ROWS = 12
_ODD = st.text(alphabet=" \t\n\r\xa0\x0b09A12.,-+/:TZ£&é\u0661\U0001f600", max_size=8)


@st.composite
def _clinics(draw: st.DrawFn) -> Table:
    absent = draw(st.sets(st.sampled_from([*CLINIC_OPTIONAL, "ATTENDKEY"])))
    headers = [name for name in CLINIC_TEXTS if name not in absent]
    good_first = {name: st.sampled_from(CLINIC_TEXTS[name]) | _ODD for name in headers}
    wrong = draw(st.sets(st.sampled_from(headers), max_size=4))
    cells = {
        name: good_first[name] if name in wrong else st.sampled_from(CLINIC_TEXTS[name][:6])
        for name in headers
    }
    rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=_MOST_ROWS))
    vintage = draw(st.sampled_from([{}, {"imd_vintage": "2019"}]))
    order = tuple(draw(st.permutations(headers)))
    return Table(layout=CLINIC, headers=order, rows=rows, options=vintage)


@st.composite
def _contacts(draw: st.DrawFn) -> Table:
    cells = {name: st.sampled_from(texts) | _ODD for name, texts in CONTACTS_TEXTS.items()}
    rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=_MOST_ROWS))
    return Table(layout=CONTACTS, headers=tuple(CONTACTS_TEXTS), rows=rows)


def dirty_tables() -> st.SearchStrategy[Table]:
    """Return tables of either planted layout."""
    return _clinics() | _contacts()

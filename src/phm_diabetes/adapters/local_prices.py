"""Prices that a Place fills in: the tariff, guide prices, or what it pays."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, coded, matching
from phm_diabetes.adapters.numbers import pence
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.errors import OptionError, SourceDataError
from phm_diabetes.model.periods import Period
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["LocalPrices"]

_COLUMNS = {
    "year": ("financial_year",),
    "service": ("tfc", "treatment_function"),
    "currency": ("currency",),
    "setting": ("setting",),
    "price": ("price",),
    "type": ("price_type",),
    "factor": ("mff_applied",),
    "stated_in": ("source_url",),
}
_TYPES = {"guide": "guide", "local": "local", "national": "national"}
_YES_NO = {"no": "no", "yes": "yes"}
_KEY = ("year", "service", "currency", "setting", "type", "factor")
_CODE_WIDTH = 3


class LocalPrices(Adapter):
    r"""Reads the price table that ``write_template("local.prices", …)`` writes, once filled in.

    The library ships no price: national price workbooks are no part of it, and a table of none
    is refused rather than read as prices of nothing.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> file = io.StringIO(
    ...     "financial_year,tfc,currency,setting,price,price_type,mff_applied,source_url\n"
    ...     "2023-24,307,WF01A,,99.50,local,no,contract schedule 3\n"
    ... )
    >>> phm.load(file).table[["price_year", "unit_pence"]].values.tolist()
    [['2023-24', 9950]]
    """

    place: ClassVar[str] = "local"
    dataset: ClassVar[str] = "prices"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "a price table: financial_year, tfc (treatment function; blank for any), currency, "
        "setting (blank for any), price in pounds, price_type (national, guide or local), "
        "mff_applied (yes or no), source_url (where the price is published)."
    )
    description: ClassVar[str] = (
        "Unit prices by treatment function and currency. Year, type and market forces factor are "
        "stated on each row, so that two bases are never added up unnoticed."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (Signature(columns=tuple(_COLUMNS.values())),)
    tables: ClassVar[tuple[str, ...]] = ("prices",)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - rows say the year
        """Turn a filled-in table into prices, one row a price.

        Raises
        ------
        SourceDataError
            When nothing is filled in.
        """
        rows = sheet.rows(_COLUMNS, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        if not len(cells):
            message = (
                f"{sheet.place} holds no price yet. Write one a row, with its year and type, "
                "and load it again; without prices no cost is worked out."
            )
            raise SourceDataError(message)
        year, faults = _years(cells["year"], headers["year"])
        kind, bad_types = coded(cells["type"], headers["type"], to=_TYPES, what="type of price")
        factor, bad_factors = coded(cells["factor"], headers["factor"], to=_YES_NO, what="answer")
        price, bad_prices = pence(cells["price"], headers["price"])
        faults += bad_types + bad_factors + bad_prices
        faults += matching(
            cells["service"],
            headers["service"],
            pattern=r"[0-9A-Z]{3}|[0-9]{1,2}|",
            what="a treatment function code, such as 307",
        )
        faults += matching(
            cells["currency"],
            headers["currency"],
            pattern=r"[A-Z]{2}[0-9]{2}[A-Z]",
            what="a Healthcare Resource Group, such as WF01A",
        )
        faults += duplicates(sound(cells, faults), _KEY, "year, function, currency and basis")
        faults += extra_columns(rows)
        table = pd.DataFrame(
            {
                "price_year": year.array,
                "price_type": kind.array,
                "treatment_function": _three_characters(cells["service"]).array,
                "currency": cells["currency"].astype(object).array,
                "setting": cells["setting"].astype(object).array,
                "unit_pence": price.array,
                "activity": pd.array([pd.NA] * len(cells), dtype="Int64"),
                "market_forces_factor": (factor == "yes").astype("boolean").array,
                "stated_in": cells["stated_in"].array,
                "source_row": cells.index,
            }
        )
        return Mapped(tables={"prices": table}, faults=faults, rows_read=len(cells))


def _years(column: pd.Series[Any], header: str) -> tuple[pd.Series[Any], list[Fault]]:
    """Financial years, each in one spelling, so that 2023/24 and 2023-24 are one year."""
    said: list[str] = []
    for text in column.cat.categories:
        year = ""
        with suppress(OptionError):
            first = Period.financial_year(str(text)).start.year
            year = f"{first}-{(first + 1) % 100:02}"
        said.append(year)
    words = sorted({each for each in said if each})
    places = np.array([words.index(each) if each else -1 for each in said], dtype=np.int64)
    spots = places[column.cat.codes.to_numpy()]
    rows = column.index.to_numpy()[spots < 0]
    fault = Fault(
        rule="financial year",
        rows=rows,
        column=header,
        message="is not a financial year, such as 2023-24",
        advice="Write the year whose prices these are.",
    )
    return pd.Series(worded(spots, words), index=column.index), [fault] if len(rows) else []


def _three_characters(column: pd.Series[Any]) -> pd.Series[Any]:
    """Codes as text of three characters, since a spreadsheet drops a leading nought."""
    texts = np.array(
        [text.zfill(_CODE_WIDTH) if text else "" for text in column.cat.categories.astype(str)],
        dtype=object,
    )
    return pd.Series(texts[column.cat.codes.to_numpy()], index=column.index, dtype=object)

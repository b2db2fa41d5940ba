"""Record tables: which schema the rows of each kind of record meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = ["RECORD_TABLES", "record_schema"]

RECORD_TABLES = ("appointments", "episodes", "referrals", "contacts")
"""Names of tables of records."""


def record_schema(table: str) -> type[pa.DataFrameModel]:
    """Return the schema of a table of records.

    Parameters
    ----------
    table
        One of `RECORD_TABLES`.

    Examples
    --------
    >>> record_schema("appointments").__name__
    'Appointments'
    """
    from phm_diabetes.schemas.appointments import Appointments
    from phm_diabetes.schemas.contacts import Contacts
    from phm_diabetes.schemas.episodes import Episodes
    from phm_diabetes.schemas.referrals import Referrals

    known: dict[str, type[pa.DataFrameModel]] = {
        "appointments": Appointments,
        "episodes": Episodes,
        "referrals": Referrals,
        "contacts": Contacts,
    }
    return known[table]

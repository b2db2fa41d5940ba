"""Beside PySpark: pandera imports it wherever it is installed, and that warns of pandas 3.

pandera does so in several places, each when it is first needed; all of them are gone through
once here, where the warning, which nobody who does not use PySpark's own pandas can act on, is
left out. Imported only where PySpark is installed.
"""

from __future__ import annotations

from warnings import catch_warnings, simplefilter

import pandas as pd

with catch_warnings():
    simplefilter("ignore", FutureWarning)

    import pandera.pandas as pa
    from pandera.typing import Series

    class _Any(pa.DataFrameModel):
        number: Series[int] = pa.Field(ge=0, description="Any number.")

    _Any.validate(pd.DataFrame({"number": [0]}))

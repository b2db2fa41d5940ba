"""The door of every verb: a table is checked once, and an error never quotes a cell."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast
from warnings import catch_warnings, simplefilter

import pandas as pd

from phm_diabetes.errors import SchemaError, did_you_mean
from phm_diabetes.schemas.passing import surely_passes, surely_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandera.pandas as pa
    from pandera.typing import DataFrame

    Schema = TypeVar("Schema", bound=pa.DataFrameModel)

__all__ = ["checked", "describe_columns", "rows_in_words"]

_MOST_ROWS_NAMED = 5
_MOST_RULES_NAMED = 20


def _refuse_foreign(schema: type[pa.DataFrameModel], table: object) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame):
        twice = sorted({str(name) for name in table.columns[table.columns.duplicated()]})
        if twice:
            message = f"The table has two columns called '{twice[0]}'. Drop or rename one."
            raise SchemaError(message)
        return table
    kind = f"{type(table).__module__.split('.')[0]}.{type(table).__name__}"
    message = (
        f"{schema.__name__} must be a pandas DataFrame, not {kind}. "
        "Hand over `.table` of a result, or convert with `.to_pandas()`."
    )
    raise SchemaError(message)


def _type_in(check: str) -> str:
    return check.partition("(")[2].strip("()'\"")


def rows_in_words(rows: Sequence[int]) -> str:
    """Return how many rows, and the positions of the first of them.

    Examples
    --------
    >>> rows_in_words([4, 7])
    '2 rows (position 4, 7)'
    """
    named = ", ".join(str(row) for row in rows[:_MOST_ROWS_NAMED])
    more = f" and {len(rows) - _MOST_ROWS_NAMED:,} more" if len(rows) > _MOST_ROWS_NAMED else ""
    return f"{len(rows):,} row{'s' if len(rows) != 1 else ''} (position {named}{more})"


def _missing(name: str, have: list[str]) -> str:
    return f"column '{name}' is missing" + did_you_mean(name, have).replace("?", "").replace(
        " Did you mean", "; did you mean"
    )


def _rules_broken(cases: pd.DataFrame, have: list[str]) -> list[str]:
    """One line a column and rule, with positions and without values."""
    cases = cases.assign(column=cases["column"].where(cases["schema_context"] == "Column"))
    lines: list[str] = []
    coerced = {
        (column, str(check).split("(", maxsplit=1)[0])
        for column, check in zip(cases["column"], cases["check"], strict=True)
    }
    for (column, check), group in cases.groupby(["column", "check"], dropna=False, sort=False):
        rows = sorted({int(row) for row in group["index"].dropna() if str(row).isdigit()})
        if str(check) == "column_in_dataframe":
            lines += [_missing(str(name), have) for name in group["failure_case"]]
            continue
        if str(check) == "column_in_schema":
            lines += [f"column '{name}' is no part of it" for name in group["failure_case"]]
            continue
        subject = f"column '{column}'" if isinstance(column, str) else "the table"
        kind = str(check).split("(", maxsplit=1)[0]
        if kind == "dtype" and (column, "coerce_dtype") in coerced:
            continue
        rule = {
            "not_nullable": "has empty cells",
            "dtype": f"is not of type {_type_in(str(check))}",
            "coerce_dtype": f"cannot be read as {_type_in(str(check))}",
        }.get(kind, f"breaks the rule '{check}'")
        lines.append(f"{subject} {rule}" + (f": {rows_in_words(rows)}" if rows else ""))
    return lines[:_MOST_RULES_NAMED]


@cache
def _without_coercion(schema: type[pa.DataFrameModel]) -> pa.DataFrameSchema:
    """Return the schema for a table whose types are right: coercion would copy every column."""
    model = deepcopy(schema.to_schema())
    model.coerce = False
    for column in model.columns.values():
        column.coerce = False
    return model


def _has_types(schema: type[pa.DataFrameModel], frame: pd.DataFrame) -> bool:
    have = frame.dtypes.to_dict()
    for name, column in schema.to_schema().columns.items():
        wanted, found = getattr(column.dtype, "type", None), have.get(name)
        if isinstance(wanted, pd.CategoricalDtype):
            if not isinstance(found, pd.CategoricalDtype):
                return False
        elif found != wanted:
            return False
    return True


def _numbered_from_0(frame: pd.DataFrame) -> pd.DataFrame:
    index = frame.index
    if isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1:
        return frame
    return frame.reset_index(drop=True)


def checked(schema: type[Schema], table: object, *, what: str = "The table") -> DataFrame[Schema]:
    """Return the table as its schema's types, or say every rule it breaks at once.

    Parameters
    ----------
    schema
        The pandera model.
    table
        A pandas DataFrame; left as it is.
    what
        How the message calls the table.

    Returns
    -------
    DataFrame[Schema]
        Same rows in the same order, with a fresh 0-based index.

    Raises
    ------
    SchemaError
        Naming columns, rules and row positions, never values.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.schemas.successors import Successors
    >>> checked(Successors, pd.DataFrame({"predecessor": ["A"]}), what="This")
    Traceback (most recent call last):
    phm_diabetes.errors.SchemaError: This is not Successors: column 'successor' is missing; \
column 'date' is missing.
    """
    import pandera.errors as pe

    frame = _numbered_from_0(_refuse_foreign(schema, table))
    whole = surely_typed(schema, frame)
    if whole is not None and surely_passes(schema, whole):
        return cast("DataFrame[Schema]", whole.copy(deep=False))
    typed = _has_types(schema, frame)
    model = _without_coercion(schema) if typed else schema.to_schema()
    lines: list[str] = []
    cases: pd.DataFrame | None = None
    valid: pd.DataFrame | None = None
    try:
        with catch_warnings():  # pandera stacks its findings in a way that pandas 2.2 warns of
            simplefilter("ignore", FutureWarning)
            valid = model.validate(frame, lazy=True, inplace=typed)  # nothing to change: no copy
    except pe.SchemaErrors as error:
        cases = error.failure_cases
    except (pe.SchemaError, pe.SchemaDefinitionError, TypeError, ValueError):
        lines = ["a column holds values that its type cannot take"]
    if cases is not None:
        have = [str(name) for name in frame.columns if name not in schema.to_schema().columns]
        lines = _rules_broken(cases, have)
    # Raised outside the handler: the original error holds cells, and would ride along as context.
    if valid is None:
        message = f"{what} is not {schema.__name__}: {'; '.join(lines)}."
        raise SchemaError(message)
    return cast("DataFrame[Schema]", valid)


def describe_columns(schema: type[pa.DataFrameModel]) -> pd.DataFrame:
    """Return one row a column of a schema: name, type, whether it may be empty, description.

    Examples
    --------
    >>> from phm_diabetes.schemas.successors import Successors
    >>> describe_columns(Successors)["column"].tolist()
    ['predecessor', 'successor', 'date']
    """
    columns = schema.to_schema().columns
    return pd.DataFrame(
        {
            "column": list(columns),
            "type": [str(column.dtype) for column in columns.values()],
            "may be empty": [bool(column.nullable) for column in columns.values()],
            "required": [bool(column.required) for column in columns.values()],
            "description": [column.description or "" for column in columns.values()],
        }
    )

"""Theme pages: themes of interviews as a table in Markdown, for a report or a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.adapters.markdown_cells import markdown_row
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.themes import Themes

if TYPE_CHECKING:
    from pandera.typing import DataFrame

__all__ = ["themes_markdown"]

_NOTE = (
    "Counts are of the people asked, who were not drawn at random: they say what was heard, not "
    "how common it is."
)


def themes_markdown(themes: DataFrame[Themes]) -> str:
    """Return themes as a table in Markdown, those said most often first.

    Parameters
    ----------
    themes
        As :func:`phm_diabetes.load_themes` gives them.

    Returns
    -------
    str
        One row a theme: its code and words, by how many it was said, in which roles and at how
        many sites; then what the counts are not. Themes that nobody said come last, as 0.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"interview": "dna-2023", "code": ["DNA1", "DNA1", "DNA2"], "words":
    ...     ["Letters come late", "Letters come late", "Hard to change"], "reporter_role":
    ...     ["clerk", "nurse", "nurse"], "site": ["A", "A", "B"], "count": [2, 1, 1]})
    >>> print(themes_markdown(table))
    | Code | Theme | Said by | Roles | Sites |
    |---|---|---:|---|---:|
    | DNA1 | Letters come late | 3 | clerk 2, nurse 1 | 1 |
    | DNA2 | Hard to change | 1 | nurse 1 | 1 |
    <BLANKLINE>
    Counts are of the people asked, who were not drawn at random: they say what was heard, not \
how common it is.
    """
    table = checked(Themes, themes, what="themes").astype({"code": object, "reporter_role": object})
    lines = ["| Code | Theme | Said by | Roles | Sites |", "|---|---|---:|---|---:|"]
    totals = table.groupby("code", sort=True)["count"].sum().astype("int64")
    for code in sorted(totals.index, key=lambda each: (-int(totals[each]), str(each))):
        own = table[table["code"] == code]
        said = own[own["count"] > 0]
        roles = said.groupby("reporter_role", sort=True)["count"].sum()
        by_role = ", ".join(f"{role} {int(count)}" for role, count in roles.items())
        sites = {str(site) for site in said["site"]} - {""}
        words = own["words"].iloc[0]
        lines.append(markdown_row(code, words, int(totals[code]), by_role, len(sites)))
    return "\n".join([*lines, "", _NOTE])

"""Pathway checks: a checklist of standards of foot care that a Place fills in for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.filled_sheets import filled_sheet, refuse_faults
from phm_diabetes.adapters.markdown_cells import markdown_row
from phm_diabetes.schemas.checklists import STATUSES, Checklists
from phm_diabetes.schemas.door import checked

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from pandera.typing import DataFrame

__all__ = ["FOOT_PATHWAY", "checklist_markdown", "load_checklist"]

_NG19 = "NICE NG19 (2015, as updated)"
# Short forms of what NICE lists as its priorities (nice.org.uk/guidance/ng19), and of the times
# that NHS pathways quote from it; no number of a recommendation, which change between updates.
_STANDARDS = (
    (
        "risk-diagnosis",
        "Adults' risk of a foot problem is assessed at diagnosis and at least once a year after",
        "section on assessing the risk",
    ),
    (
        "risk-problem",
        "The risk is assessed again when any foot problem arises",
        "section on assessing the risk",
    ),
    (
        "risk-admission",
        "The risk is assessed on any admission to hospital, and if somebody's state changes there",
        "section on assessing the risk",
    ),
    (
        "protection-service",
        "There is a foot protection service in the community, led by a podiatrist",
        "section on care across all settings",
    ),
    (
        "multidisciplinary",
        "There is a multidisciplinary foot care service for what the community cannot manage",
        "section on care across all settings",
    ),
    (
        "pathways",
        "Protocols and pathways go across settings, emergency care and general practice among them",
        "section on care across all settings",
    ),
    (
        "reviews",
        "Treatment and outcomes are reviewed regularly, in line with the national foot care audit",
        "section on care across all settings",
    ),
    (
        "high-risk",
        "People newly found at high risk are seen by the foot protection service in 2 to 4 weeks",
        "section on managing the risk",
    ),
    (
        "moderate-risk",
        "People newly found at moderate risk are seen by the protection service in 6 to 8 weeks",
        "section on managing the risk",
    ),
    (
        "threatened",
        "A problem that threatens limb or life is referred to acute services at once",
        "section on foot problems",
    ),
    (
        "active",
        "Any other active problem is referred within 1 working day, and triaged within 1 more",
        "section on foot problems",
    ),
    (
        "inpatient-pathway",
        "Each hospital has a pathway for people with a foot problem who need inpatient care",
        "section on care within 24 hours",
    ),
    (
        "inpatient",
        "An inpatient with a foot problem is referred to the multidisciplinary service in 24 hours",
        "section on care within 24 hours",
    ),
)
_HEAD = """\
# How a foot care pathway stands against published standards. Fill in a copy, and load it with
#   checklist = phm.load_checklist("foot-pathway.toml")
#
# The sentences are short forms: read the guideline itself before you judge. Add standards of your
# own, with who set them. status: met, partly, not met or unknown. evidence: a link or a document
# that others can open; leave it blank where there is none, and the table will say so.

service = "foot care pathway"  # whose, and when it was judged
"""


def _as_toml(code: str, standard: str, section: str) -> str:
    return (
        f'\n[[standard]]\ncode = "{code}"\nstandard = "{standard}"\norigin = "{_NG19}, {section}"\n'
        'status = "unknown"\nevidence = ""\n'
    )


FOOT_PATHWAY = _HEAD + "".join(_as_toml(*each) for each in _STANDARDS)
"""What a Place fills in: standards of foot care in short, status and evidence."""

_COLUMNS = ("code", "standard", "origin", "status", "evidence")


def load_checklist(path: str | os.PathLike[str]) -> DataFrame[Checklists]:
    """Load how a service stands against standards.

    Parameters
    ----------
    path
        A copy of the TOML file that ``phm.write_template("checklist.foot_pathway", path)``
        writes; or a CSV with the columns code, standard, origin, status and evidence, whose name
        is then that of the service.

    Returns
    -------
    DataFrame[Checklists]
        One row a standard, in the order of the file.

    Raises
    ------
    SourceReadError
        When the file is missing, is no text, or is no TOML.
    SourceLayoutError
        When it has no standards, or other columns than a template.
    SourceDataError
        When rows break the rules; every one is named, without what stands in it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "feet.toml"
    ...     _ = path.write_text(FOOT_PATHWAY.replace('"unknown"', '"partly"', 1))
    ...     load_checklist(path)["status"].value_counts().loc[["partly", "unknown"]].tolist()
    [1, 12]
    """
    sheet = filled_sheet(
        path,
        heading="service",
        each="standard",
        columns=_COLUMNS,
        template="checklist.foot_pathway",
    )
    faults = [
        f"standard {place}: {fault}"
        for place, row in enumerate(sheet.rows, start=1)
        for fault in _faults(row)
    ]
    codes = [str(row["code"]) for row in sheet.rows]
    twice = [place for place, code in enumerate(codes, start=1) if code in codes[: place - 1]]
    faults += [f"standard {place}: the code of another" for place in twice]
    refuse_faults(sheet.file, faults)
    table = pd.DataFrame(sheet.rows, columns=list(_COLUMNS))
    table.insert(0, "service", sheet.title)
    return checked(Checklists, table, what=sheet.file)


def _faults(row: dict[str, Any]) -> Iterator[str]:
    for name in _COLUMNS:
        if not isinstance(row[name], str):
            yield f"{name} is not text"
        elif not row[name] and name not in {"origin", "evidence"}:
            yield f"{name} is blank"
    if isinstance(row["status"], str) and row["status"] and row["status"] not in STATUSES:
        yield f"status is none of {', '.join(STATUSES)}"


def checklist_markdown(checklist: DataFrame[Checklists]) -> str:
    """Return a checklist as a table in Markdown, the status in words.

    Parameters
    ----------
    checklist
        As :func:`load_checklist` gives it.

    Returns
    -------
    str
        One row a standard; ``no evidence`` where nothing shows it. Then how many stand how.

    Examples
    --------
    >>> row = {"service": "feet", "origin": "local", "standard": "Seen within a day"}
    >>> print(checklist_markdown(pd.DataFrame([
    ...     {**row, "code": "a", "status": "met", "evidence": "audit of May"},
    ...     {**row, "code": "b", "status": "met", "evidence": ""}])))
    | Standard | Set by | Status | Evidence |
    |---|---|---|---|
    | Seen within a day | local | met | audit of May |
    | Seen within a day | local | met | no evidence |
    <BLANKLINE>
    met 2, partly 0, not met 0, unknown 0; 1 of 2 without evidence. Judged by the Place itself.
    """
    table = checked(Checklists, checklist, what="checklist")
    lines = ["| Standard | Set by | Status | Evidence |", "|---|---|---|---|"]
    for row in table.itertuples():
        seen = row.evidence or "no evidence"
        lines.append(markdown_row(row.standard, row.origin, row.status, seen))
    counts = ", ".join(f"{name} {int((table['status'] == name).sum())}" for name in STATUSES)
    bare = int((table["evidence"] == "").sum())
    told = f"{counts}; {bare} of {len(table)} without evidence. Judged by the Place itself."
    return "\n".join([*lines, "", told])

"""Templates: empty tables for a Place to fill in, in the layout that its adapter reads."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from phm_diabetes.adapters.interviews import INTERVIEWS
from phm_diabetes.adapters.pathway_checks import FOOT_PATHWAY
from phm_diabetes.adapters.recognition import adapter_in
from phm_diabetes.adapters.scheme_manifest import MANIFEST
from phm_diabetes.errors import OptionError, OutputError, did_you_mean
from phm_diabetes.files import reach, write_file
from phm_diabetes.plugins import ADAPTERS, load_plugin

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["write_template"]

_WRITTEN = {
    "dudley.dqof": MANIFEST,
    "interviews.dna": INTERVIEWS,
    "checklist.foot_pathway": FOOT_PATHWAY,
}
_FILLED_IN = (*_WRITTEN, "local.facts", "local.prescribing", "local.prices")


def write_template(adapter: str, path: str | os.PathLike[str]) -> Path:
    """Write what a Place fills in: a CSV with the header that an adapter reads, or a TOML file.

    Parameters
    ----------
    adapter
        Name of an adapter whose tables a Place fills in, such as ``"local.prices"``;
        ``"dudley.dqof"``, for the TOML file that describes a local scheme's workbooks;
        ``"interviews.dna"``, for staff to say why appointments are missed, which
        :func:`phm_diabetes.load_themes` reads; or ``"checklist.foot_pathway"``, for how foot
        care stands against published standards, which :func:`phm_diabetes.load_checklist` reads.
    path
        Where; nothing that stands there is overwritten.

    Returns
    -------
    Path
        As given.

    Raises
    ------
    OptionError
        When there is no template of that name: most adapters read what a publisher writes.
    OutputError
        When a file is there already, or none can be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_template("local.prices", f"{folder}/prices.csv")
    ...     written.read_text(encoding="utf-8-sig").split(",")[:3]
    ['financial_year', 'tfc', 'currency']
    """
    if adapter not in _FILLED_IN:
        message = f"No template is called '{adapter}': choose from {', '.join(_FILLED_IN)}."
        raise OptionError(message + did_you_mean(adapter, _FILLED_IN))
    target = reach(path)
    if target.exists():
        message = f"{target.name} is there already, and may be filled in. Give another name."
        raise OutputError(message)
    if adapter in _WRITTEN:
        return write_file(path, _WRITTEN[adapter])
    chosen = adapter_in(load_plugin(ADAPTERS, adapter))
    text = io.StringIO(newline="")
    header = [each if isinstance(each, str) else each[0] for each in chosen.signatures[0].columns]
    csv.writer(text).writerow(header)
    return write_file(path, "\ufeff" + text.getvalue())  # the mark tells Excel: UTF-8

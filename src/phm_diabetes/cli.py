"""The command line: what can be read, what is wrong with a file, and a demonstration."""

from __future__ import annotations

import errno
import re
import shutil
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, cast

import click

from phm_diabetes.errors import OutputError, PhmError, SourceDataError
from phm_diabetes.files import make_folder, reach, write_file
from phm_diabetes.glyphs import printable

if TYPE_CHECKING:
    from collections.abc import Generator

    import pandas as pd

__all__ = ["main"]

_FINE, _ERRORS, _FAILED = 0, 1, 2
_WIDEST = 100
_MANY_ROWS = 12
_KEYWORD = re.compile(r"\b(adapter|period|encoding)=(?:'([^']*)')?")


def _say(text: str = "", *, err: bool = False) -> None:
    stream = sys.stderr if err else sys.stdout
    click.echo(printable(text, stream=stream), err=err)


def _as_options(message: str) -> str:
    """Write the keywords of the Python functions as the options of the commands."""
    return _KEYWORD.sub(lambda found: f"--{found[1]} {found[2] or ''}".rstrip(), message)


class _Failure(click.ClickException):
    """A command that cannot be carried out: one message, no traceback."""

    exit_code = _FAILED

    def show(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 - as click declares it
        _say(f"Error: {self.message}", err=True)


class _Commands(click.Group):
    """Commands whose every error is one message; ``--debug`` lets the traceback through."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if ctx.params.get("debug") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            known = isinstance(error, PhmError)
            message = _as_options(str(error)) if known else _apology(error)
        # Raised outside the handler: an unexpected error may hold cells.
        raise _Failure(message)


def _apology(error: Exception) -> str:
    """Say where an unexpected error came from, and nothing that it says itself."""
    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return (
        f"sorry, something went wrong that phm did not expect ({type(error).__name__} in {where}). "
        "Put --debug before the command to see the traceback, as in 'phm --debug check ...'. It "
        "may quote cells of the file: take them out before you send it to anybody."
    )


@contextmanager
def _busy(what: str) -> Generator[None]:
    """Show on a terminal what takes its time, and wipe it out when it is done."""
    text = printable(what, stream=sys.stderr)
    shown = sys.stderr is not None and sys.stderr.isatty()
    if shown:
        click.echo(text, err=True, nl=False)
    try:
        yield
    finally:
        if shown:
            click.echo(f"\r{' ' * len(text)}\r", err=True, nl=False)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error; it may quote cells.")
@click.version_option(package_name="phm-diabetes", message="phm_diabetes %(version)s")
def main(*, debug: bool) -> None:
    """From NHS files to the practices and PCNs that stand out, with the working shown."""


@main.command(name="adapters")
def adapters_command() -> None:
    """List what can be read: every installed adapter, and those that fail."""
    from phm_diabetes.plugins import list_adapters

    found = list_adapters()
    for row in found.itertuples():
        ready = row.status == "ready"
        _say(f"{row.name} {row.version}" if ready else f"{row.name}: cannot be used")
        for text in (f"Reads {row.layout}", row.description) if ready else (row.status,):
            _say(_indented(str(text)))
        _say()
    ready = int((found["status"] == "ready").sum())
    _say(f"{ready} of {len(found)} adapters are ready. 'phm check FILE' picks the one that fits.")


def _indented(text: str) -> str:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    ")


@main.command(name="check")
@click.argument("file")
@click.option("--adapter", metavar="NAME", help="What reads it; recognised unless given.")
@click.option("--period", metavar="YEAR", help="The year it covers, such as 2022-23.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of CSV text.")
@click.option("--save", metavar="CSV", help="Write every problem to this file, one a row.")
def check_command(
    file: str, *, adapter: str | None, period: str | None, encoding: str, save: str | None
) -> None:
    """Say everything that is wrong with FILE, a CSV, xlsx, Parquet or zip, and what is odd in it.

    No cell of the file is shown or kept. The exit code is 0 when every row can be used, 1 when
    rows have errors, and 2 when the file cannot be read.
    """
    from phm_diabetes.loading import load
    from phm_diabetes.quality.profiling import profile

    if save is not None and _same_file(save, file):
        message = f"--save would overwrite {Path(file).name} itself. Give another name."
        raise OutputError(message)
    try:
        with _busy(f"Reading {Path(file).name} ..."):
            extract = load(
                file, adapter=adapter, period=period, encoding=encoding, problems="report"
            )
            found = profile(extract).problems
    except SourceDataError as error:  # not one row of it can be used
        if error.problems is None:
            raise
        problems, unusable = cast("pd.DataFrame", error.problems), True
        ending = _as_options(str(error)).splitlines()[-1]
    else:
        problems, unusable = found, False
        origin, _, ending = str(extract.provenance).rpartition(": ")
        _say(f"{origin}\n")
    if len(problems) or not unusable:
        _report(problems)
    _say(ending)
    if save is not None:
        write_file(save, "\ufeff" + problems.to_csv(index=False))  # the mark tells Excel: UTF-8
        _say(f"{len(problems):,} problems written to {save}")
    failed = unusable or _has_errors(problems)
    sys.exit(_ERRORS if failed else _FINE)


def _same_file(one: str, other: str) -> bool:
    try:
        return reach(one).samefile(reach(other))
    except (OSError, ValueError):
        return False


def _has_errors(problems: pd.DataFrame) -> bool:
    return bool((problems["severity"] == "error").any())


def _report(problems: pd.DataFrame) -> None:
    from phm_diabetes.adapters.listing import problem_counts, problem_lines

    lines = problem_lines(problems)
    for line in lines:
        _say(line)
    if lines:
        _say()
    left_out = " A row with an error is left out until it is put right."
    _say(
        f"{problem_counts(problems)}."
        + (left_out if _has_errors(problems) else "")
        + (" --save CSV lists every row." if len(problems) > _MANY_ROWS else "")
    )


@main.command(name="demo")
@click.option("--folder", metavar="DIR", help="Also write the planted files here.")
def demo_command(*, folder: str | None) -> None:
    """Run the whole path on a planted England; no file and no network is needed."""
    from phm_diabetes.demo import walkthrough

    if folder is not None:
        _write_planted(folder)
    walkthrough.run(_say)


def _write_planted(folder: str) -> None:
    """Write the planted files, but never over a file of the same name that is not planted."""
    from phm_diabetes import demo as planted
    from phm_diabetes.demo.layouts import LAYOUTS, layout_bytes

    for name in LAYOUTS:
        there = reach(Path(folder) / name)
        if there.is_file() and there.read_bytes() != layout_bytes(name):
            message = (
                f"{folder} already holds another {name}, which is not the planted one. Give an "
                "empty folder, or a new one."
            )
            raise OutputError(message)
    make_folder(folder)
    for path in planted.write(folder):
        _say(f"Written: {path}")
    _say()

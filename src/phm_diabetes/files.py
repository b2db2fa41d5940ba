"""Files: reached however long their path, and written, or refused in one sentence."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from phm_diabetes.errors import OutputError

__all__ = ["extended", "make_folder", "reach", "write_file"]

_LONGEST_ON_WINDOWS = 247  # a folder's limit; a file's is 259


def extended(path: str) -> str:
    r"""Return an absolute Windows path in the form that has no limit of 259 characters.

    Parameters
    ----------
    path
        An absolute path, on a drive or a share.

    Examples
    --------
    >>> print(extended(r"C:\Users\a name\QOF.csv"))
    \\?\C:\Users\a name\QOF.csv
    >>> print(extended(r"\\server\share\QOF.csv"))
    \\?\UNC\server\share\QOF.csv
    """
    plain = str(PureWindowsPath(path))  # this form takes no forward slash
    if plain.startswith("\\\\?\\"):
        return plain
    return f"\\\\?\\UNC\\{plain[2:]}" if plain.startswith("\\\\") else f"\\\\?\\{plain}"


def reach(path: str | os.PathLike[str]) -> Path:
    """Return a path that the system can open, even where Windows keeps its limit on paths.

    Examples
    --------
    >>> reach("QOF 2022-23.csv").name
    'QOF 2022-23.csv'
    """
    given = Path(path)
    if os.name != "nt":
        return given
    whole = os.path.abspath(given)  # noqa: PTH100 - resolve() fails on the very paths meant here
    return Path(extended(whole)) if len(whole) > _LONGEST_ON_WINDOWS else given


def write_file(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a whole file, over what was there.

    Parameters
    ----------
    path
        Where; its folder must exist.
    content
        Bytes, or text to be written as UTF-8.

    Returns
    -------
    Path
        As given.

    Raises
    ------
    OutputError
        When it cannot be written, for instance because it is open in Excel.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_file(f"{folder}/problems.csv", "a,b").read_text(encoding="utf-8")
    'a,b'
    """
    given, target = Path(path), reach(path)
    reason = ""
    try:
        target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    except IsADirectoryError:
        reason = "it is a folder. Give the name of a file in it"
    except FileNotFoundError:
        reason = "its folder does not exist. Make the folder first, or give another"
    except PermissionError:
        reason = (
            "it is a folder. Give the name of a file in it"
            if target.is_dir()  # what Windows says of a folder
            else "it is open elsewhere (in Excel?), or may not be written. Close it and try "
            "again, or give another name"
        )
    except (OSError, ValueError) as error:
        reason = f"{_said(error)}. Give another name or folder"
    if reason:
        message = f"{given.name or given} cannot be written: {reason}."
        raise OutputError(message)
    return given


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder, and those above it, where they are not there yet.

    Raises
    ------
    OutputError
        When it cannot be made, for instance because a file has its name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     make_folder(f"{folder}/planted files").is_dir()
    True
    """
    given = Path(path)
    try:
        reach(path).mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        reason = "a file has its name. Give another"
    except (OSError, ValueError) as error:
        reason = f"{_said(error)}. Give another folder"
    else:
        return given
    message = f"Folder {given.name or given} cannot be made: {reason}."
    raise OutputError(message)


def _said(error: OSError | ValueError) -> str:
    """Say what the system says is wrong, without the path it repeats."""
    return getattr(error, "strerror", None) or "its name is not one that the system takes"

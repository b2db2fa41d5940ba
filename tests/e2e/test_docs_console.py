"""What the documentation shows of the console is what the console shows."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from phm_diabetes.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "check-a-file.md"
COMMAND = re.compile(
    r"```console\npy -m phm_diabetes check (?P<file>\S+)\n```\s+```text\n(?P<said>.*?)```",
    re.DOTALL,
)
FILE = re.compile(r'b"""(?P<text>.*?)"""', re.DOTALL)


def test_the_page_on_checking_a_file_shows_what_check_says(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    shown, planted = COMMAND.search(page), FILE.search(page)
    assert shown
    assert planted
    path = tmp_path / shown["file"]
    path.write_bytes(planted["text"].replace("\n... ", "\n").encode())
    run = CliRunner().invoke(main, ["check", str(path)])
    assert run.exit_code == 1
    assert run.output.split("\n") == shown["said"].split("\n")

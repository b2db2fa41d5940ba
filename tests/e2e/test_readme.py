"""The first screen of the README is true: its script prints what it says it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"```(?P<kind>python|text)\n(?P<body>.*?)```", re.DOTALL)


def _blocks() -> dict[str, str]:
    return {
        match["kind"]: match["body"] for match in BLOCK.finditer(README.read_text(encoding="utf-8"))
    }


def test_the_script_of_the_readme_prints_what_the_readme_shows():
    blocks = _blocks()
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", blocks["python"]],
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=60,
    )
    printed = [line.rstrip() for line in done.stdout.strip().splitlines()]
    assert printed == blocks["text"].strip().splitlines()


def test_the_script_of_the_readme_has_ten_lines():
    lines = [line for line in _blocks()["python"].splitlines() if line.strip()]
    assert len(lines) <= 11, "ten statements, one of them broken over two lines"

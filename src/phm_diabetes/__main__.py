"""``python -m phm_diabetes``: the command line where ``phm`` itself is not on the path."""

from __future__ import annotations

from phm_diabetes.cli import main

if __name__ == "__main__":
    main()

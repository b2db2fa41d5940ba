# Needs Python 3.11 or newer, and make. Everything else is set up inside .venv by the first target
# that needs it, and again only when pyproject.toml changes.

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-pandas22 engines lint format types docs bench smoke clean

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
PIP_INSTALL = $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check

# Which pandas to install, such as PANDAS='<2.3'; empty for the newest that is allowed.
PANDAS :=
# Anything to hand to pytest, such as ARGS='-k period'.
ARGS :=
# A worker a core, and each file whole in one of them; WORKERS= for a single process.
WORKERS := -n auto --dist loadfile

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 python
PYTHON ?= $(shell for each in $(CANDIDATES); do \
	if $$each -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$each; break; fi; done)

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /	/' | expand -t 16

demo: $(VENV)/core.stamp ## run the whole path on planted data
	@$(VENV_PYTHON) -m phm_diabetes demo

test: $(VENV)/dev.stamp ## run the tests, and the examples in docstrings
	$(VENV_PYTHON) -m pytest $(WORKERS) $(ARGS)

test-fast: $(VENV)/dev.stamp ## run the tests that are not marked slow
	$(VENV_PYTHON) -m pytest -m "not slow and not long" $(WORKERS) $(ARGS)

test-long: $(VENV)/dev.stamp ## run the tests that `make test` leaves out for their length
	$(VENV_PYTHON) -m pytest -m long $(WORKERS) $(ARGS)

test-pandas22: ## run every test on pandas 2.2
	@$(MAKE) --no-print-directory test VENV=.venv-pandas22 PANDAS='<2.3'

# PySpark is large and needs Java, so that most do without it; its tests then skip, saying so.
engines: $(VENV)/dev.stamp ## add the engines that some tests need
	@$(PIP_INSTALL) --editable '.[dev,engines]' 'pandas$(PANDAS)'

lint: $(VENV)/dev.stamp ## check style and format
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .

format: $(VENV)/dev.stamp ## put the code in its format
	$(VENV_PYTHON) -m ruff format .
	$(VENV_PYTHON) -m ruff check --fix .

types: $(VENV)/dev.stamp ## check types with mypy and pyright
	$(VENV_PYTHON) -m mypy
	$(VENV_PYTHON) -m pyright --pythonpath $(VENV_PYTHON)

docs: $(VENV)/dev.stamp ## build the documentation and run its examples
	$(VENV_PYTHON) -m sphinx -n -W --keep-going -q -b html docs docs/_build/html
	$(VENV_PYTHON) -m sphinx -n -W --keep-going -q -b doctest docs docs/_build/doctest
	@echo "Open docs/_build/html/index.html"

bench: $(VENV)/dev.stamp ## run the benchmarks
	@for each in benchmarks/*.py; do $(VENV_PYTHON) "$$each" || exit 1; done

# A console that knows only cp1252, and a folder with a space: what an NHS laptop may have.
smoke: $(VENV)/dev.stamp ## build the wheel and try it in a clean environment
	rm -rf dist .venv-wheel
	$(VENV_PYTHON) -m build --outdir dist . >/dev/null
	$(VENV_PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	mkdir -p "dist/a folder"
	cd "dist/a folder" && ../../.venv-wheel/bin/phm adapters
	cd "dist/a folder" && PYTHONIOENCODING=cp1252 ../../.venv-wheel/bin/python -m phm_diabetes demo

clean: ## remove everything that the other targets made
	rm -rf .venv .venv-pandas22 .venv-wheel dist docs/_build docs/reference/generated
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV_PYTHON):
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one," \
		"or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { echo "'$(PYTHON)' is not Python 3.11 or newer." \
		"Name another: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "'$(PYTHON)' cannot make a virtual" \
		"environment. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/core.stamp: pyproject.toml | $(VENV_PYTHON)
	@echo "Setting up $(VENV), once; this takes about half a minute."
	@$(PIP_INSTALL) --editable . 'pandas$(PANDAS)'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml | $(VENV_PYTHON)
	@echo "Setting up $(VENV) for development, once; this takes a minute or two."
	@$(PIP_INSTALL) --editable '.[dev]' 'pandas$(PANDAS)'
	@touch $(VENV)/core.stamp $@

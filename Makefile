# Every target works on a fresh clone: all rest on .venv, which `make install` makes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install chat test evals lint stills clean

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml .ci/constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed: make install PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[dev]'
	touch $@

chat: install
	$(BIN)/python app.py

test: install
	$(BIN)/python -m pytest

evals: install
	$(BIN)/python -m evals
	$(BIN)/python -m evals self-test

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

stills: install
	$(BIN)/python -m tests.stills

clean:
	rm -rf $(VENV) dist build evals-report .mypy_cache .pytest_cache .ruff_cache

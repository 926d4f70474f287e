# The same commands on a laptop and in CI. `make release` and `make test` do all the set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Compiled tests are kept, also where the shell says otherwise: each worker compiles all of them first.
# Two workers share the cores, so Polars gives each of them one thread.
PYTEST := PYTHONDONTWRITEBYTECODE= POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile
QUARTER ?= 2026-27Q2
PARTICIPANTS ?= 60000
SEED ?= 20260930

.DEFAULT_GOAL := help
.PHONY: help release test quick cover check ui bench clean

help:
	@echo "make release  set up, make synthetic return packs, build $(QUARTER)"
	@echo "make test     run the tests          make check  ruff, mypy, import contracts"
	@echo "make quick    the tests of schemas, rules, publications and verification"
	@echo "make cover    the tests of disclosure/, and that they reach every branch of it"
	@echo "make ui       Dagster's web UI       make bench  speed and memory"

$(READY): requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) (about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		found=$$($(PYTHON) --version 2>/dev/null) || found="no Python that runs as $(PYTHON)"; \
		echo "Error: Python 3.11 to 3.13 is needed; found $$found."; \
		case "$$(command -v $(PYTHON))" in */shims/*) \
			echo "$(PYTHON) is a shim of pyenv, which has no version for this folder: pyenv install 3.13, then pyenv local 3.13";; \
		*) echo "Name another: make PYTHON=python3.13 $(MAKECMDGOALS)";; esac; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

release: $(READY)
	@$(BIN)/ctw simulate --to $(QUARTER) --participants $(PARTICIPANTS) --seed $(SEED)
	@$(BIN)/ctw build $(QUARTER)

test: $(READY)
	@$(PYTEST) --no-loadscope-reorder

quick: $(READY)
	@$(PYTEST) -m "not slow" tests/schemas tests/spec tests/publications tests/verification

cover: $(READY)
	@$(PYTEST) tests/disclosure tests/spec --cov=disclosure --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

ui: $(READY)
	@$(BIN)/ctw ui

bench: $(READY)
	@$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

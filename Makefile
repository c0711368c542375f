# make demo and make test are the two commands of the README; each sets up what it needs.
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint bench torture

help:  ## What can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.uv/bin/uv:
	python3 -m pip install --quiet --disable-pip-version-check --target .uv uv

.venv/.ready: pyproject.toml studies/pyproject.toml uv.lock | $(filter .uv/bin/uv,$(UV))
	$(UV) sync --frozen --quiet
	@touch $@

setup: .venv/.ready  ## Build .venv, with .venv/bin/tutelage in it

demo: setup  ## Watch an agent be mentored to independence (ARGS="--seed 3 --games 60")
	.venv/bin/tutelage demo backgammon $(ARGS)

test: setup  ## Everything that runs in under three minutes
	.venv/bin/python -m pytest -n 2 -m "not slow" $(ARGS)

test-all: setup  ## The slow suites: kill -9 at random moments, examples, wheel, long properties
	.venv/bin/python -m pytest -n 2 -m slow $(ARGS)

lint: setup  ## ruff, mypy --strict, import rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup  ## One JSON line a measure, each a ratio taken in one run
	.venv/bin/python bench/run.py

torture: setup  ## kill -9 at random moments, 200 times on SQLite and 200 on PostgreSQL
	.venv/bin/python -m pytest -s -m slow tests/integration/test_torture.py $(ARGS)

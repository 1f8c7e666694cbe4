# make demo   make an environment, install, and answer the third-site dossier
# make test   lint, types and tests, in an environment with every test dependency
# VENV=DIR puts the environment elsewhere; INSTALL=. installs a copy instead of a link to the sources.

VENV ?= .venv
OUT ?= report
JOBS ?= 2
INSTALL ?= --editable .

BIN := $(VENV)/bin
FRESH := $(VENV)/.made
RUNTIME := $(VENV)/.midcourse-runtime
DEV := $(VENV)/.midcourse-dev

# The first interpreter that starts and is new enough; a shim that cannot start is passed over.
NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	if $$python -c "$(NEW_ENOUGH)" >/dev/null 2>&1; then echo $$python; break; fi; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test slow bench format clean

help:
	@sed -n '1,/^$$/s/^# //p' $(firstword $(MAKEFILE_LIST))
	@echo "make slow   the long tests     make bench   the speed measurements"
	@echo "make format put the code in order     make clean   remove what was made"

$(FRESH):
	@test -n "$(PYTHON)" || { echo "midcourse needs Python 3.11 or newer with its venv module \
	(Debian: apt install python3 python3-venv); or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv "$(VENV)"
	@touch "$@"

$(RUNTIME): pyproject.toml | $(FRESH)
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check $(INSTALL)
	@touch "$@"

$(DEV): pyproject.toml | $(FRESH)
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check $(INSTALL)[dev]
	@touch "$@" "$(RUNTIME)"

demo: $(RUNTIME)
	"$(BIN)/midcourse" assess third-site --out "$(OUT)"
	@echo "Report: $(abspath $(OUT))/index.html"

test: $(DEV)
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/pytest" -n $(JOBS) -m "not slow and not benchmark"

slow: $(DEV)
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check $(INSTALL)[dev,slow]
	"$(BIN)/pytest" -n $(JOBS) -m slow

bench: $(DEV)
	"$(BIN)/pytest" -m benchmark

format: $(DEV)
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .

clean:
	rm -rf "$(VENV)" "$(OUT)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

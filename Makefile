# make demo   make an environment, install, and answer the third-site dossier
# make test   lint, types and tests, in an environment with every test dependency
# make web    build the page of `midcourse serve` and the globe of notebooks (needs Node)
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
.PHONY: help demo test slow bench format clean web checked-page browser

help:
	@sed -n '1,/^$$/s/^# //p' $(firstword $(MAKEFILE_LIST))
	@echo "make slow   the long tests     make bench   the speed measurements"
	@echo "make format put the code in order     make clean   remove what was made"

define need_python
@test -n "$(PYTHON)" || { echo "midcourse needs Python 3.11 or newer with its venv module \
(Debian: apt install python3 python3-venv); or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
endef

$(FRESH):
	$(need_python)
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

web:
	$(need_python)
	@$(PYTHON) scripts/build_page.py

# The page as tests need it: built and checked where npm is. Where a page is promised, as in CI, npm has to be there.
checked-page:
	$(need_python)
	@if command -v npm >/dev/null || [ -n "$$MIDCOURSE_PAGE" ]; then \
		$(PYTHON) scripts/build_page.py && $(PYTHON) scripts/build_page.py --check; \
	else echo "no npm: the page is neither built nor checked, and its tests are skipped"; fi

# Pages are tried in a browser, which pip cannot install.
BROWSERS := chromium chromium-browser google-chrome
browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit; done; \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0; \
	log=$$(mktemp); timeout 240 sh -c 'apt-get update -qq && \
	apt-get install -y -qq --no-install-recommends chromium' >"$$log" 2>&1 || \
	{ echo "no browser could be installed:"; tail -n 2 "$$log"; }; rm -f "$$log"

test: browser checked-page $(DEV)
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/pytest" -n $(JOBS) -m "not slow and not benchmark"

slow: browser checked-page $(DEV)
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check $(INSTALL)[dev,slow]
	"$(BIN)/pytest" -n $(JOBS) -m slow

bench: $(DEV)
	"$(BIN)/pytest" -m benchmark

format: $(DEV)
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .
	@if command -v npm >/dev/null; then $(PYTHON) scripts/build_page.py --format; fi

clean:
	rm -rf "$(VENV)" "$(OUT)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks \
		web/node_modules src/midcourse/server/page src/midcourse/notebook/built
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# `make` says what there is to do. Everything happens in .venv, from requirements that are locked by hash.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info < (3, 11) or print("$(name)")' 2>/dev/null)))
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --root-user-action=ignore

.PHONY: help install demo test run check bench proof pictures browser revision
.DEFAULT_GOAL := help

help:
	@echo "make demo      an invented county in the browser, with everybody's phones; PORT=8090 where 8080 is taken"
	@echo "make test      every test, on SQLite and PostgreSQL"
	@echo "make run       the bot, with your config.toml"
	@echo "make check     lint, formatting, types and the direction of imports"
	@echo "make bench     the product against its goals: speed, size, memory"
	@echo "make proof     each protection taken out in turn, to see that its test notices"
	@echo "make pictures  the README's pictures, anew"
	@echo "make install   the environment in .venv alone; the others do it by themselves"
	@echo 'make revision m="What changes"   draft a migration after the models have changed'

install: $(INSTALLED)

$(INSTALLED): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up $(VENV); this takes a minute or two the first time."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/xunsheng demo $(if $(PORT),--port $(PORT))

run: $(INSTALLED)
	@$(BIN)/xunsheng run

test: $(INSTALLED) browser
	@$(BIN)/pytest

check: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(INSTALLED)
	@$(BIN)/python -m bench

proof: $(INSTALLED)
	@$(BIN)/python -m proof

pictures: $(INSTALLED) browser
	@$(BIN)/python -m docs.pictures.make

# The system's own chromium is used where there is one.
browser: $(INSTALLED)
	@command -v chromium chromium-browser google-chrome >/dev/null \
		|| $(BIN)/playwright install chromium >/dev/null 2>&1 \
		|| echo "There is no browser and none could be installed: the browser tests are skipped."

revision: $(INSTALLED)
	@test -n "$(m)" || { echo 'Say what changes: make revision m="What changes"'; exit 1; }
	@$(BIN)/python -m migrations "$(m)"
	@$(BIN)/ruff check --quiet --fix migrations && $(BIN)/ruff format --quiet migrations
	@echo "Read the new file in migrations/versions and correct it: a draft misses renames and moved data."

# Everything runs in .venv, which is made with nothing but Python 3.11 (or newer) and pip.
IS_NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python $(IS_NEW_ENOUGH) 2>/dev/null && echo $$python && break; done)
BIN = .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test test-browser screenshots check bench bench-scale soak audit lock clean

run: .venv/run
	$(BIN)/python -m feedhub run

test: .venv/dev
	$(BIN)/python -m pytest

# Only the tests that look at pages; they need Debian's chromium, and are part of the others.
test-browser: .venv/dev
	$(BIN)/python -m pytest -m browser

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Polling, serving, and serving while polling, beside our peers where they are installed: nginx, wrk, newsboat
# and sfeed are Debian's.
bench: .venv/dev
	$(BIN)/python -m bench
	$(BIN)/python -m bench.serving
	$(BIN)/python -m bench.busy

# Ten thousand sources, a hundred thousand visits, a million entries: some minutes, 2 GB of disk for a while.
bench-scale: .venv/dev
	$(BIN)/python -m bench.scale

# The pictures of docs/, made anew.
screenshots: .venv/dev
	$(BIN)/python -m bench.screenshots

# Trials of hours: make soak NAME=kill, hung, prompt, two, budget, sigterm or rounds.
soak: .venv/dev
	$(BIN)/python -m bench.soak $(NAME)

# Known weaknesses of what we depend on; needs a package index.
audit: .venv/dev
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	.venv/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt

.venv/run: requirements.txt
	@test -n "$(PYTHON)" && $(PYTHON) $(IS_NEW_ENOUGH) || { \
		echo "FeedHub needs Python 3.11 or newer; name yours: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON); the first time this takes a minute or two."
	$(PYTHON) -m venv .venv
	$(INSTALL) -r requirements.txt
	touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(INSTALL) -r requirements-dev.txt
	touch $@

# Pins what pyproject.toml asks for; needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--constraints requirements.txt --group dev --output-file requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build dist

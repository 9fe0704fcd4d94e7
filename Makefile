# Everything runs in .venv, which is made with nothing but Python 3.11 (or newer) and pip.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check lock clean

run: .venv/run
	$(BIN)/python -m feedhub run

test: .venv/dev
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Pins what pyproject.toml asks for; needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--output-file requirements.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--constraints requirements.txt --group dev --output-file requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache build dist

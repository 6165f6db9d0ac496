# Everything from a fresh clone, with only python3 (3.11 or newer, with venv) and make.
PY ?= python3
BIN = .venv/bin
INSTALL = $(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e

.PHONY: demo test lint docs reference bench soak matrix clean

demo: .venv/.server
	$(BIN)/sexton demo

test: .venv/.test
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: .venv/.dev docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/.dev
	$(BIN)/properdocs build --strict

reference: .venv/.dev
	PYTHONPATH=tools $(BIN)/python -m reference

bench: .venv/.test
	$(BIN)/python benchmarks/deletes.py
	$(BIN)/python benchmarks/intake.py accept
	$(BIN)/python benchmarks/jobs.py strategies --rows 100000 --rounds 3
	$(BIN)/python benchmarks/client.py
	$(BIN)/python benchmarks/imports.py

soak: .venv/.test
	SEXTON_SOAK=1 $(BIN)/pytest tests/actions/test_state_machine.py tests/acceptance/test_races.py tests/worker \
	  tests/acceptance/test_products.py tests/library/test_examples.py tests/library/test_library_schema.py \
	  tests/client/test_cli_bulk.py tests/client/test_agreement.py tests/client/test_broken_defences.py \
	  tests/testing/test_promises.py tests/migrations/test_killed_migrations.py $(ARGS)

matrix:
	tools/matrix

.venv/bin/pip:
	@$(PY) -c 'import venv, ensurepip' || { echo "python3 lacks venv: on Debian, apt-get install python3-venv"; exit 1; }
	$(PY) -m venv .venv

.venv/.server: pyproject.toml constraints.txt | .venv/bin/pip
	$(INSTALL) ".[server,postgres]"
	@touch $@

.venv/.test: pyproject.toml constraints.txt | .venv/bin/pip
	$(INSTALL) ".[test]"
	@touch .venv/.server $@

.venv/.dev: pyproject.toml constraints.txt | .venv/bin/pip
	$(INSTALL) ".[dev]"
	@touch .venv/.server .venv/.test $@

clean:
	rm -rf .venv .venv-matrix build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis

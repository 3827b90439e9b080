# `make run` and `make test` are all a new user needs; both make .venv first, or again when the versions changed.
# The two stamps in .venv are written last, so an installation that was cut short does not count.

PYTHON ?= python3
BIN := .venv/bin/python
RUNTIME := .venv/installed-runtime
DEV := .venv/installed-dev
INSTALL := $(BIN) -m pip install --disable-pip-version-check --no-input --constraint constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint index evaluate constraints clean

help: ## Toon deze lijst
	@echo "Gebruik: make <opdracht> [ARGS=\"...\"] [PYTHON=python3.12]"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Installeer wat nodig is, werk de index bij en open de pagina (ARGS="--port 8000")
	@$(BIN) -m assistant index || [ $$? = 1 ] # 1: some documents could not be read, the others can be asked
	@$(BIN) -m assistant serve $(ARGS)

index: $(RUNTIME) ## Werk de index bij met de documenten in corpus/
	@$(BIN) -m assistant index

evaluate: index ## Meet de kwaliteit met de vaste vragen
	@$(BIN) -m assistant evaluate $(ARGS)

test: $(DEV) ## Installeer wat nodig is en voer alle tests uit (ARGS="-k zoeken --no-cov")
	@browser=; \
	if ! { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; then \
		echo "Let op: zonder Chromium (Debian: sudo apt-get install chromium) blijven de tests van de pagina weg." >&2; \
		browser="not browser"; \
	fi; \
	$(BIN) -m pytest --cov -m "$$browser" $(ARGS)

lint: $(DEV) ## Controleer stijl, opmaak en typen
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .
	@$(BIN) -m mypy

constraints: ## Zet de versies in constraints.txt opnieuw vast (torch blijft; wijzig die regel met de hand)
	@$(PYTHON) -m venv --clear build/constraints
	@build/constraints/bin/python -m pip install --quiet --editable '.[dev,training]' "$$(grep '^torch==' constraints.txt)"
	@grep '^#' constraints.txt > build/constraints.txt
	@build/constraints/bin/python -m pip freeze --all --exclude-editable --exclude pip > build/freeze.txt
	@sed 's/+.*//' build/freeze.txt | grep -Ev '^(nvidia|cuda|triton)' | LC_ALL=C sort -f >> build/constraints.txt
	@mv build/constraints.txt constraints.txt

clean: ## Verwijder de omgeving en de index; alles kan opnieuw worden gemaakt
	rm -rf .venv index build

# venv writes pip last, so without it the environment is none, or half of one.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 of nieuwer is nodig, en '$(PYTHON)' is dat niet. Installeer het (Debian: sudo apt-get install" >&2; \
		echo "python3 python3-venv), of wijs een andere Python aan: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python mist het onderdeel venv. Installeer het (Debian: sudo apt-get install python3-venv)" >&2; \
		echo "en probeer het opnieuw: make $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Installeren in .venv; dat duurt enkele minuten."
	@$(PYTHON) -m venv --clear .venv

$(RUNTIME): pyproject.toml constraints.txt | .venv/bin/pip
	@$(INSTALL) --editable .
	@touch $@

$(DEV): pyproject.toml constraints.txt | .venv/bin/pip
	@$(INSTALL) --editable '.[dev]'
	@touch $(RUNTIME) $@

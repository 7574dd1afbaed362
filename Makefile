# Thin names for `salesops` commands; the first one run sets everything up. Without make, or on Windows:
#   python -m venv .venv; .venv/bin/python -m pip install --require-hashes -r requirements.lock
#   .venv/bin/python -m pip install --no-deps --no-build-isolation -e .; .venv/bin/salesops report
# (Windows has .venv\Scripts where others have .venv/bin.)

SALESOPS := .venv/bin/python -m salesops_lib
PYTHONS  := python3 python3.13 python3.12 python3.11

# What is not set is not passed on, so that the defaults stand in one place: `salesops COMMAND --help`.
parameters = $(if $(PARAMETERS),--parameters '$(PARAMETERS)')
source     = $(if $(SOURCE),--source '$(SOURCE)')
month      = $(if $(MONTH),--month '$(MONTH)')
out        = $(if $(OUT),--out '$(OUT)')
quarter    = $(if $(QUARTER),'$(QUARTER)')

.DEFAULT_GOAL := help
.PHONY: help monthly-report scorecards check import new-quarter lab test lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s%s\n", $$1, $$2}' Makefile
	@echo "Example: make monthly-report MONTH=2026-09 PARAMETERS=parameters SOURCE=../exports OUT=reports"

monthly-report: .venv/.ready ## write the pack of a month [MONTH= PARAMETERS= SOURCE= OUT=]
	@$(SALESOPS) report $(month) $(parameters) $(source) $(out)

scorecards: .venv/.ready ## write a page for each rep and for each team's manager [MONTH= PARAMETERS= SOURCE= OUT=]
	@$(SALESOPS) scorecards $(month) $(parameters) $(source) $(out)

check: .venv/.ready ## check parameters and data, print every problem [PARAMETERS= SOURCE=]
	@$(SALESOPS) check $(parameters) $(source)

import: .venv/.ready ## read the source into checked tables [PARAMETERS= SOURCE=]
	@$(SALESOPS) import $(parameters) $(source)

new-quarter: .venv/.ready ## write the next quarter's YAML from the last one: QUARTER=2026-Q4 [PARAMETERS=]
	@$(SALESOPS) new-quarter $(quarter) $(parameters)

lab: .venv/.ready ## open JupyterLab on the notebooks
	@$(SALESOPS) lab

test: .venv/.ready ## run every check: ruff, mypy, pytest, the notebooks
	@$(SALESOPS) test

lock: ## for maintainers: resolve requirements.lock again with uv [UPGRADE=1 for newer releases]
	uv pip compile pyproject.toml --extra dev --group floors --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet \
	  $(if $(UPGRADE),--upgrade) --output-file requirements.lock

# Set-up: exactly the lock, with hashes, by uv where it is installed and by pip elsewhere; then the kit itself,
# editable. Done again only when one of the two files changed. PYTHON= names another interpreter; it counts
# when .venv is made, so delete .venv to change it.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.venv/.ready: requirements.lock pyproject.toml
	@set -e; found=; tried=; \
	if ! .venv/bin/python -c '$(SUPPORTED)' 2>/dev/null; then \
	  for python in $(if $(PYTHON),'$(PYTHON)',$(PYTHONS)); do \
	    if "$$python" -c '$(SUPPORTED)' >/dev/null 2>&1; then found="$$python"; break; fi; \
	    tried="$$tried, $$python ($$("$$python" -V 2>/dev/null || echo absent))"; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "This kit needs Python 3.11, 3.12 or 3.13. Tried: $${tried#, }." >&2; \
	    echo "Install one of the three, or name it: make $(or $(MAKECMDGOALS),monthly-report) PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	  fi; \
	  rm -rf .venv; \
	  if command -v uv >/dev/null; then uv venv --quiet --python "$$found" .venv; else "$$found" -m venv .venv; fi; \
	fi; \
	if command -v uv >/dev/null; then \
	  echo "Setting up .venv from requirements.lock with uv; only when the lock changes."; \
	  install="uv pip install --quiet --compile-bytecode --python .venv/bin/python"; \
	else \
	  echo "Setting up .venv from requirements.lock with pip, one to three minutes; only when the lock changes."; \
	  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null; \
	  install=".venv/bin/python -m pip install --quiet --disable-pip-version-check"; \
	fi; \
	$$install --require-hashes -r requirements.lock; \
	$$install --no-deps --no-build-isolation --editable .; \
	touch $@

# What a developer, an operator and CI run. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
LOCK := requirements-dev.lock
# Which environment of samconfig.toml `make deploy` means, and the stack that operator commands act on (empty: the
# embedded one).
ENV ?= dev
STACK ?=
ON := $(if $(STACK),--stack $(STACK))
ARGS ?=
# A worker for each processor. Not for what is built: one build serves all of its tests, and the stack.
PARALLEL := -n auto --ignore=tests/packaging
# With ARGS="-k name" a part may have nothing to run (5).
MAYBE = $(if $(ARGS),|| [ $$? = 5 ])

export PYTHONPATH := layers/core:.
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help env lock demo up down test unit e2e pr lint format types bench bench-routing backtest simulate forecast trust openapi deploy connect-shopify token replay replay-decision redrive resend forget personal seal-personal rebuild-availability rebuild-demand rebuild-inventory clean

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-21s %s\n", $$1, $$2}'

# ── the main job ──

demo: up ## The whole path at work: ten and more signed orders through the embedded AWS, told as a table
	@$(PYTHON) -m tools.demo $(ARGS)

up: env ## Build, deploy to the embedded AWS and leave it running; build/stack.json says where (GATEWAY_PORT=4566)
	@$(PYTHON) -m tools.embedded up

down: env ## Stop the embedded AWS and forget what it held
	@$(PYTHON) -m tools.embedded down

# ── development ──

env: $(VENV)/.installed ## Make .venv with exactly the packages of requirements-dev.lock

# Interpreters are asked, not believed: a python3.13 on the PATH may be a shim of a version manager that only fails.
$(VENV)/.installed: $(LOCK)
	@if $(PYTHON) -m pip --version >/dev/null 2>&1; then echo "▸ Bringing $(VENV) in line with $(LOCK)"; exit; fi; \
	found=; for candidate in $${DOM_BASE_PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do \
		if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; \
		then found="$$candidate"; break; fi; done; \
	if [ -z "$$found" ]; then echo "Python 3.11 to 3.14 with venv is needed; none of python3.11 … python3.14, python3 works (DOM_BASE_PYTHON names one)." >&2; exit 1; fi; \
	echo "▸ Making $(VENV) with $$("$$found" -V) and the packages of $(LOCK) (about a minute the first time)"; \
	"$$found" -m venv --clear $(VENV)
	@$(PYTHON) -m pip install -qq --no-deps --no-compile -r $(LOCK)
	@extra=$$($(PYTHON) -m pip freeze --all | sed 's/==.*//' | grep -vixF -f <(sed 's/==.*//' $(LOCK)) | grep -vx pip || true); \
	[ -z "$$extra" ] || $(PYTHON) -m pip uninstall -qq -y $$extra
	@touch $@

lock: env ## Resolve requirements-dev.in anew into requirements-dev.lock
	@echo "▸ Resolving requirements-dev.in"
	@rm -rf build/lock && mkdir -p build && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --upgrade --upgrade-strategy eager -r requirements-dev.in
	@{ echo "# Made by \`make lock\` from requirements-dev.in. Do not edit."; \
		build/lock/bin/python -m pip freeze --all | grep -v '^pip=='; } > $(LOCK)
	@rm -rf build/lock && echo "▸ $(LOCK) has $$(grep -c == $(LOCK)) packages"

test: env ## All tests: units first, then end to end on the embedded AWS with IAM enforced (ARGS="-k name")
	@echo "▸ Tests: units first, end to end last"
	@$(PYTHON) -m pytest -m "not e2e" $(PARALLEL) $(ARGS) $(MAYBE)
	@$(PYTHON) -m pytest tests/packaging tests/e2e $(ARGS) $(MAYBE)

unit: env ## All tests that need no embedded AWS
	@$(PYTHON) -m pytest -m "not e2e" $(PARALLEL) $(ARGS) $(MAYBE)
	@$(PYTHON) -m pytest tests/packaging $(ARGS) $(MAYBE)

e2e: env ## Only the end-to-end tests
	@$(PYTHON) -m pytest -m e2e $(ARGS)

pr: lint types test ## What CI runs: lint, types, tests

lint: env ## Style of the code, and whether the template is sound
	@echo "▸ Lint: ruff, cfn-lint, sam validate"
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts it right" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/cfn-lint template.yaml
	@AWS_DEFAULT_REGION=us-east-1 $(BIN)/sam validate --lint >/dev/null

format: env ## Let ruff format and repair what it can
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

types: env ## Check all types strictly
	@echo "▸ Types: mypy --strict"
	@$(BIN)/mypy

bench: env ## Measure what docs/benchmarks.md records
	@$(PYTHON) -m tools.bench $(ARGS)

bench-routing: env ## Routing policies on months of orders: INSTANCES="a.npz b.npz" POLICIES="exact default" OUT=dir
	@$(PYTHON) -m tools.routing_bench.run --out $(or $(OUT),build/routing) \
		$(if $(INSTANCES),--instances $(INSTANCES)) $(if $(POLICIES),--policies $(POLICIES)) $(ARGS)

backtest: env ## Forecasts against what then was sold, beside naive ones: ARGS="orders.csv.gz --most 400"
	@$(PYTHON) -m tools.backtest $(ARGS)

simulate: env ## Orders under rule sets, generated or (with --from, --until) real: ARGS="--scenario busiest-day --variants a.yaml b.yaml"
	@$(PYTHON) -m tools.simulate $(ON) $(ARGS)

forecast: env ## What each SKU sells a day, by region, and safety stock for it: ARGS="--sku MUG --level 0.98 --apply"
	@$(PYTHON) -m tools.forecast $(ON) $(ARGS)

trust: env ## Stock that locations show and may not have, learnt from picks and rejects: ARGS="--most 20 --apply"
	@$(PYTHON) -m tools.trust $(ON) $(ARGS)

openapi: env ## Write docs/openapi.json from the code
	@$(PYTHON) -m tools.openapi $(ARGS)

# ── operation: of the embedded stack, or of STACK=<name> in the account of your credentials ──

deploy: env ## Deploy to the account of your credentials (ENV=dev|prod of samconfig.toml); guided the first time
	@$(PYTHON) -m tools.release $(ENV)

connect-shopify: env ## Store or rotate a shop's webhook secret: SHOP=my-shop.myshopify.com
	@$(PYTHON) -m tools.connect_shopify $(SHOP) $(ON) $(ARGS)

token: env ## Make an API token: NAME=wms ARGS="--scope fulfillments:read --location STORE-01"
	@$(PYTHON) -m tools.tokens "$(NAME)" $(ON) $(ARGS)

replay: env ## Send parked payloads through ingest again: ARGS="--all" or keys
	@$(PYTHON) -m tools.replay $(ON) $(ARGS)

replay-decision: env ## Decide an order's routing again from its archived inputs: ARGS="<order id>" (--why <location id>)
	@$(PYTHON) -m tools.replay_decision $(ON) $(ARGS)

redrive: env ## Move a dead-letter queue's messages back to where they came from: ARGS="InboundDlq"
	@$(PYTHON) -m tools.redrive $(ON) $(ARGS)

resend: env ## List customer messages whose end nobody saw; ARGS="<key>" sends that one once more
	@$(PYTHON) -m tools.resend $(ON) $(ARGS)

forget: env ## Erase the personal data of orders: ARGS="<order id> ..." or "--account shopify/<shop> --all"
	@$(PYTHON) -m tools.forget $(ON) $(ARGS)

personal: env ## Tell what is known of the customers of orders: ARGS="<order id> ..."
	@$(PYTHON) -m tools.personal $(ON) $(ARGS)

seal-personal: env ## Seal personal data from before orders had keys (ARGS=--check: only count them)
	@$(PYTHON) -m tools.seal_personal $(ON) $(ARGS)

rebuild-availability: env ## Compare availability documents with the positions and correct them (ARGS=--check: only compare)
	@$(PYTHON) -m tools.rebuild_availability $(ON) $(ARGS)

rebuild-demand: env ## Compare what counts as sold and unallocated with the orders and correct it (ARGS=--check: only compare)
	@$(PYTHON) -m tools.rebuild_demand $(ON) $(ARGS)

rebuild-inventory: env ## Compare positions with the sum of their movements (ARGS=--repair: and set them right)
	@$(PYTHON) -m tools.rebuild_inventory $(ON) $(ARGS)

clean: ## Remove what was built, and the environment
	@test ! -x $(PYTHON) || $(PYTHON) -m tools.embedded down
	rm -rf build .aws-sam $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help demo check test unit lint

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/'

demo: ## from a clone to results
	scripts/demo

check: ## what CI runs
	.ci/run

test: ## lint and all tests
	scripts/test all

unit: ## the fast tests
	scripts/test unit

lint: ## ruff and mypy
	scripts/test lint

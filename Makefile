# `make` lists the targets. Each sets up what it needs; a second call is quick.
# Needs Python 3.11 or newer and a package index. `make PYTHON=/path/to/python3.12 ...` picks another Python.

PYTHON ?= python3
LOCALE ?= en-US
STACK ?= toban
BIN := .venv/bin
SAM := .sam-venv/bin/sam
UV_VERSION := 0.13.9

export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The locks are complete, so nothing is resolved, and nothing without a hash gets in.
INSTALL := -m pip install --quiet --no-deps --require-hashes

IS_NEW_ENOUGH := import sys, venv; sys.exit(sys.version_info < (3, 11))
FIND_PYTHON := for p in $(PYTHON) python3.13 python3.12 python3.11; do \
	if "$$p" -c '$(IS_NEW_ENOUGH)' 2>/dev/null; then python="$$p"; break; fi; done; \
	if [ -z "$$python" ]; then \
	echo "Toban needs Python 3.11 or newer with the venv module; $(PYTHON) is not. Try: make PYTHON=python3.13" >&2; \
	exit 1; fi

# A Debian package, so only where there is apt-get and we may use it.
INSTALL_ESPEAK := if command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then \
	apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends espeak-ng > /dev/null; else \
	echo 'espeak-ng is missing. On Debian, as root: apt-get install espeak-ng' >&2; exit 1; fi

.PHONY: help setup demo talk audio audible test check lint template apl screens models interaction bench drill redrive build lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

setup: .venv/.ready  ## the environment for development, in .venv

demo: .venv/.ready  ## the three stories, on an AWS in a box
	@$(BIN)/python -m sandbox demo

talk: .venv/.ready $(if $(AUDIO),audio)  ## type to the skill (LOCALE=ja-JP for Japanese), or speak to it: AUDIO=1
	@$(BIN)/python -m sandbox talk --locale $(LOCALE) $(if $(AUDIO),--audio)

audio: .venv/.audio  ## what AUDIO=1 needs: pocketsphinx and Janome in .venv, espeak-ng on the machine
	@command -v espeak-ng > /dev/null || { $(INSTALL_ESPEAK); }

# Nobody must have audio to run the tests; without it, those that listen are skipped and say so.
audible: .venv/.ready
	@$(MAKE) --no-print-directory audio || echo 'NO AUDIO HERE: the tests that speak and listen are skipped.' >&2

test: .venv/.ready audible  ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: lint template screens test  ## everything that CI runs: format, lint, types, template, models, screens, tests

lint: .venv/.ready  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict skill lambda_handler.py
	$(BIN)/mypy sandbox

template: .venv/.ready .sam-venv/.ready  ## cfn-lint and SAM's own validation
	$(BIN)/cfn-lint template.yaml template-member.yaml
	$(SAM) validate --lint

apl: tools/apl/node_modules/.ready  ## Amazon's validator over what is shown on screens; needs Node.js 20 and npm
	node tools/apl/check.mjs

# The tests hold the documents against the validator's own rules, with or without it.
screens:
	@if $(MAKE) --no-print-directory tools/apl/node_modules/.ready; then $(MAKE) --no-print-directory apl; else \
	echo 'NOT CHECKED by Amazon'"'"'s validator: the documents in skill/voice/screens. The tests check them by its rules.' >&2; fi

tools/apl/node_modules/.ready: tools/apl/package-lock.json
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || \
	{ echo 'Needs Node.js 20 or newer with npm.' >&2; exit 1; }
	npm ci --prefix tools/apl --ignore-scripts --no-audit --no-fund
	@touch $@

models: .venv/.ready  ## the trimmed service models, after a new AWS call or a new botocore
	$(BIN)/python -m tools.trim_models

interaction: .venv/.ready  ## the interaction models of every locale, from interaction_model/source
	$(BIN)/python -m tools.interaction

bench: .venv/.ready  ## the measurements
	$(BIN)/python -m benchmarks

drill: .venv/.ready  ## a fault at every AWS call of containments, releases and events, a fleet of a hundred, 3000 spoilt envelopes
	DRILL=1 $(BIN)/python -m pytest -n 2 -o faulthandler_timeout=3600 \
	tests/product/test_containment_faults.py tests/product/test_containment_limits.py tests/product/test_identity.py \
	tests/product/test_mutations.py tests/product/test_budget.py tests/product/test_event_faults.py

redrive: .venv/.ready  ## dead letters of STACK once more (LIST=1 only says what is there)
	@$(BIN)/python -m tools.redrive --stack $(STACK) $(if $(LIST),--list)

build: .sam-venv/.ready  ## what is deployed, in .aws-sam/build
	$(SAM) build

.venv/.ready: requirements-dev.txt
	@$(FIND_PYTHON); "$$python" -m venv .venv
	$(BIN)/python $(INSTALL) -r requirements-dev.txt
	@$(BIN)/python -m pip check
	@touch $@

.venv/.audio: requirements-audio.txt .venv/.ready
	@$(BIN)/python $(INSTALL) --only-binary :all: -r requirements-audio.txt || { \
	echo 'Audio needs wheels of everything in requirements-audio.txt; this Python or machine has none.' >&2; exit 1; }
	@$(BIN)/python -m pip check
	@touch $@

.sam-venv/.ready: requirements-sam.txt
	@$(FIND_PYTHON); "$$python" -m venv .sam-venv
	.sam-venv/bin/python $(INSTALL) -r requirements-sam.txt
	@.sam-venv/bin/python -m pip check
	@touch $@

lock: .uv-venv/.ready  ## lock what the requirements*.in files name; UPGRADE=1 takes newer versions
	@for name in requirements requirements-dev requirements-audio requirements-sam; do \
	.uv-venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) \
	--output-file $$name.txt $$name.in > /dev/null || exit 1; done

.uv-venv/.ready: Makefile
	@$(FIND_PYTHON); "$$python" -m venv .uv-venv
	.uv-venv/bin/python -m pip install --quiet uv==$(UV_VERSION)
	@touch $@

clean:  ## remove what the targets made, environments included
	rm -rf tools/apl/node_modules .aws-sam build .venv .sam-venv .uv-venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------ what `sam build` calls, once per function
# The packages are fetched as wheels for the deployed runtime, whatever this machine is. Lambda cannot keep what it
# compiles, so modules are compiled here when this machine has that Python: a cold start is then much shorter.
.PHONY: build-VoiceFunction build-EventsFunction build-SlackFunction build-WorkflowFunction
BUILD_PYTHON = $(firstword $(wildcard .sam-venv/bin/python $(BIN)/python) $(PYTHON))
COMPILE := -W ignore -m compileall -q --invalidation-mode unchecked-hash -p /var/task

build-VoiceFunction build-EventsFunction build-SlackFunction build-WorkflowFunction: build/packages/.ready
	cp -R build/packages/. skill lambda_handler.py "$(ARTIFACTS_DIR)"
	rm -f "$(ARTIFACTS_DIR)/.ready"
	find "$(ARTIFACTS_DIR)/skill" -name __pycache__ -type d -prune -exec rm -rf {} +
	@cd "$(ARTIFACTS_DIR)" && if python3.13 -c '' 2>/dev/null; then python3.13 $(COMPILE) skill lambda_handler.py; \
	else echo 'No python3.13 here: nothing is compiled ahead, cold starts take longer.' >&2; fi

build/packages/.ready: requirements.txt
	rm -rf build/packages
	$(BUILD_PYTHON) $(INSTALL) --no-compile --only-binary :all: --platform manylinux2014_aarch64 \
	--implementation cp --python-version 3.13 --target build/packages -r requirements.txt
	rm -rf build/packages/bin
	@cd build/packages && if python3.13 -c '' 2>/dev/null; then python3.13 $(COMPILE) .; fi
	touch $@

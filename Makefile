# Every target works on a machine that has Python 3.11 or newer and make, and nothing else set up: what is missing
# is installed into .venv, from the hashed lock, the first time it is needed.

.DEFAULT_GOAL := help
.PHONY: help demo run test prove bench mutants lint audit-deps format lock messages clean remake

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
MADE := $(VENV)/made
RUNTIME := $(VENV)/runtime-installed
DEV := $(VENV)/dev-installed

# The Python to begin with: PYTHON=… if given, else the first of these that is new enough.
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11 python3 python python3.14

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(RUNTIME) ## Try the shop with no account at all: a chat page in the browser, a made-up Telegram and panel
	@echo "Opening the shop, which takes a few seconds"
	@$(PY) -m bot demo $(ARGS)

run: $(RUNTIME) ## Open the shop, as .env says
	@$(PY) -m bot run $(ARGS)

# The tests start Python some fifty times: what it compiles is kept, also where the environment says not to.
test prove mutants: export PYTHONDONTWRITEBYTECODE :=

test: $(DEV) ## Run the tests, four at a time: they wait more than they reckon (ARGS=… goes to pytest)
	@$(PY) -m pytest -n 4 --dist worksteal $(ARGS)

prove: $(DEV) ## Run the long proofs: kills at every point, the model, a long shop life (half an hour; says how far it is)
	@SHOP_PROFILE=prove $(PY) -m pytest -sv --durations=15 tests/faults tests/model \
		tests/security/test_forged_buttons.py tests/security/test_secrets.py $(ARGS)

bench: $(DEV) ## Time the slow paths in a catalogue of 10,000 services, each beside a plain way to do the same
	@$(PY) -m benchmarks

mutants: $(DEV) ## Break each guard in a copy of the checkout, and see its test go red
	@$(PY) -m tests.mutants

lint: $(DEV) ## Look for mistakes: ruff, its format, mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

audit-deps: $(MADE) ## Ask whether a dependency has a known weakness; without a network it says so and passes
	@.ci/audit-deps

format: $(DEV) ## Put the code into its form
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" pyproject.toml

lock: $(MADE) ## Resolve the dependencies anew and write both locks
	@$(PIP) install --quiet 'uv>=0.9,<1'
	@$(COMPILE) --upgrade --output-file requirements.lock
	@$(COMPILE) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock

# The names under which texts are found in the code; a number says which argument is a text.
KEYWORDS := -k html:1 -k plain:1 -k nhtml:1,2 -k nplain:1,2 -k mark:1 -k nmark:1,2

messages: $(RUNTIME) ## Bring the texts of the code into every catalogue in locales/
	@mkdir -p build
	@$(VENV)/bin/pybabel --quiet extract --no-default-keywords $(KEYWORDS) --no-location --sort-by-file \
		--project panel-shop-bot --output build/bot.pot bot
	@$(VENV)/bin/pybabel --quiet update --domain bot --input-file build/bot.pot --output-dir locales \
		--width 110 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

clean: ## Remove what was installed and built; data/ and .env stay
	rm -rf $(VENV) .venv-audit build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that was never finished, or whose Python is gone, is made anew.
USABLE := $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
ifneq ($(shell $(USABLE) && echo usable),usable)
$(MADE): remake
endif

$(MADE):
	@if $(USABLE); then touch $@; exit 0; fi; \
	rm -rf $(VENV); found=; \
	for each in $(CANDIDATES); do \
		if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$each; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer is needed and was not found: install it, or name it with make PYTHON=/path/to/python"; \
		exit 1; \
	fi; \
	if ! $$found -c 'import venv, ensurepip' >/dev/null 2>&1; then \
		echo "$$found lacks its venv module. On Debian and Ubuntu it is in the package" \
			"$$($$found -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV) && touch $@

$(RUNTIME): requirements.lock $(MADE)
	@echo "Installing what the shop needs (once)"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(MADE)
	@echo "Installing what the shop and its tests need (once)"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(RUNTIME)

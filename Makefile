# Every command sets the environment up in .venv first, and does nothing where it is up to date.
# PYTHON=... chooses the interpreter; COMPANION_DATA_DIR=... says where the data is (see README.md).

.NOTPARALLEL:
.DEFAULT_GOAL := help

BIN := .venv/bin
LOCK := .venv/lock/bin
STEP := @$(BIN)/python tools/step.py
PORT ?= 8000

CHAPTERS = $(or $(sort $(shell find book -name '.*' -prune -o -name '*.ipynb' -print)),\
	$(error There is no notebook below book/. Bring them back with: git checkout book))
CLEAN_NOTEBOOK := --keep-output --keep-count --keep-id --extra-keys "metadata.language_info.version"

CAMPAIGNS := kills faults truncations rivals corruptions arguments repeats thousand_workers

# Two workers with one thread each use two cores better than one worker with two threads.
ONE_THREAD := TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1
# No progress bars (CI silences companion's own, and leaves tqdm to its tests), no log lines. Where it
# is really set, tests fail for want of a browser or a network; elsewhere they are skipped.
QUIET := CI=$(or $(CI),make) TF_CPP_MIN_LOG_LEVEL=3

export PYTHONNOUSERSITE := 1

.PHONY: help book pdf test lab data execute lint format serve bench campaign mutants lock clean
.PHONY: environment checks site

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  make %-9s %s\n' "$$name" "$$text"; done

book: environment site ## Build the site into _build/html
	@echo "Open _build/html/index.html in a browser (or run: make serve)."

pdf: environment site ## Print the whole book into _build/train-to-generalize.pdf
	$(STEP) --tail 1 pdf "Chromium prints it; install it if it is missing (sudo apt install chromium)." \
		$(BIN)/python tools/print_pdf.py _build/html/print.html _build/train-to-generalize.pdf

test: environment lint checks site ## Run every check
	$(STEP) tests "Mend what failed; one test alone: $(BIN)/pytest tests/test_x.py; one chapter: make execute CHAPTER=..." \
		env $(ONE_THREAD) $(QUIET) $(BIN)/pytest tests companion book --doctest-modules --ignore-glob='book/*.py' \
		--nbval --nbval-current-env --nbval-sanitize-with tests/sanitize.cfg --nbval-cell-timeout=300 \
		-n 2 --dist loadscope
	@grep ' passed' .venv/logs/tests.log | tail -n 1

lab: environment ## Open the chapters in JupyterLab
	$(BIN)/jupyter lab --notebook-dir book

data: environment ## Download CIFAR-10 and IMDb (announced, resumable, verified)
	$(BIN)/python -m companion.datasets download cifar-10
	$(BIN)/python -m companion.datasets download imdb

execute: environment ## Re-execute the chapters in place (CHAPTER=book/start/baseline.ipynb for one)
	$(STEP) --tail 1 "real data" "Committed outputs come from real data: run make data, or set COMPANION_DATA_DIR." \
		$(BIN)/python -c "from companion.datasets import load_cifar10, load_imdb; load_cifar10(allow_stand_in=False); load_imdb(allow_stand_in=False)"
	@for chapter in $(or $(CHAPTER),$(CHAPTERS)); do \
		$(BIN)/python tools/step.py "$$chapter" "Mend the cell; the file was left as it was." \
			env TQDM_DISABLE=1 $(QUIET) $(BIN)/python tools/execute.py "$$chapter" && \
		$(BIN)/nbstripout $(CLEAN_NOTEBOOK) "$$chapter" || exit 1; \
	done

lint: environment ## Check style and spelling of code, notebooks and prose
	$(STEP) lint "Run make format, then mend what is left." $(BIN)/ruff check .
	$(STEP) format "Run make format." $(BIN)/ruff format --check .
	$(STEP) notebooks "Run make format." $(BIN)/nbstripout --verify $(CLEAN_NOTEBOOK) $(CHAPTERS)
	$(STEP) spelling "Mend the word, or add it to tool.codespell in pyproject.toml." $(BIN)/codespell

format: environment ## Format code and notebooks, mend what can be mended
	$(STEP) lint "Mend the syntax error." $(BIN)/ruff check --fix --exit-zero .
	$(STEP) format "Mend the syntax error." $(BIN)/ruff format .
	$(STEP) notebooks "Mend the notebook's JSON." $(BIN)/nbstripout $(CLEAN_NOTEBOOK) $(CHAPTERS)

serve: ## Serve the built site on this machine only (PORT=8000)
	@test -f _build/html/index.html || $(MAKE) --no-print-directory book
	$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

bench: environment ## Measure times (EXECUTE=1: the chapters' running times too)
	@$(BIN)/python benchmarks/machine.py
	@$(BIN)/python benchmarks/import_time.py
	@$(BIN)/python benchmarks/decoding.py
	@$(BIN)/python benchmarks/site_build.py
	@$(BIN)/python benchmarks/cluster.py
	@$(BIN)/python benchmarks/search_workers.py
	@$(if $(EXECUTE),$(BIN)/python benchmarks/chapters.py $(CHAPTERS))

campaign: environment ## Run the fault campaigns in full (CAMPAIGN=kills for one)
	@for name in $(or $(CAMPAIGN),$(CAMPAIGNS)); do \
		echo "$$name" && env $(QUIET) $(BIN)/python -m "campaigns.$$name" || exit 1; \
	done

mutants: environment ## Count the small errors in the code that the tests notice (hours, resumable; SHARE=0.2 for a part)
	@env $(QUIET) $(BIN)/python -m campaigns.mutants --share $(or $(SHARE),1)

lock: ## Compile requirements.txt from the ranges in pyproject.toml
	@test -x $(LOCK)/python || $${PYTHON:-python3} -m venv .venv/lock
	@test -x $(LOCK)/uv || $(LOCK)/python tools/step.py --tail 30 uv "Check the network and pip's index (pip config list)." \
		$(LOCK)/python -m pip install --no-input --progress-bar off uv
	@$(LOCK)/python tools/step.py requirements "Widen the ranges in pyproject.toml until they agree." \
		$(LOCK)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--fork-strategy fewest --no-header --no-annotate -o requirements.txt

clean: ## Remove the site and the caches (the environment stays: rm -rf .venv)
	rm -rf _build build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

environment:
	@tools/setup.sh

checks:
	$(STEP) types "Mend the annotation, or the code that it is right about." $(BIN)/mypy
	$(STEP) imports "Dependencies point one way; CONTRIBUTING.md shows it." $(BIN)/lint-imports --no-logo
	$(STEP) dependencies "Name what is imported in pyproject.toml, then run make lock." $(BIN)/deptry --no-ansi .

# From nothing: after a failed build a warm one would succeed.
site:
	@rm -rf _build
	$(STEP) site "Mend the warnings above; each counts as an error." \
		env NO_COLOR=1 $(BIN)/jupyter-book build . --warningiserror --nitpick --keep-going --quiet

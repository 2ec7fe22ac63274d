# `make help` lists the targets. A machine with Python 3.11 or newer is all they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.ready-test

# Size and seed of `make simulate`.
LEARNERS ?= 600
SEED ?= 7
OUT ?= build/simulated

# The tests have their own database and artifacts and read the sample, whatever the shell has set.
TEST := target/test
TEST_ENV := env -u CERTGAP_PSEUDONYM_KEY -u CERTGAP_DELIVERY_CHECKS -u CERTGAP_PUBLICATIONS CERTGAP_RAW=sample_data CERTGAP_REFERENCE=seeds \
	CERTGAP_WAREHOUSE=$(TEST)/certgap.duckdb CERTGAP_PUBLISHED=$(TEST)/published.duckdb \
	DBT_PROFILES_DIR=$(TEST) DBT_TARGET_PATH=$(TEST)/dbt DBT_LOG_PATH=$(TEST)/logs

# In one process: where Python looks for garbage less often sqlfluff takes 4.2 s instead of 6.1 s, and its own
# processes would not. `make lint` and `make test-long` run its two parts side by side.
SQLFLUFF := $(BIN)/python -c 'import gc; gc.set_threshold(200_000, 20, 50); \
	from sqlfluff.cli.commands import cli; cli()' lint --disable-progress-bar
PYTEST := $(TEST_ENV) $(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder --durations 15

.PHONY: help setup build test test-long truth worlds properties effects-proof prove-adapters fuzz lint lint-python \
	lint-sql lint-adapters lint-database format simulate report docs handbook dictionary metrics privacy lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) profiles.yml ## Make .venv from the lock and profiles.yml from the example

$(READY): requirements/project.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "Making $(VENV) from requirements/project.txt (about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing (on Debian: the package python3-venv)"; exit 2; }
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/project.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(TEST_READY): requirements/test.txt $(READY)
	@echo "Adding requirements/test.txt to $(VENV) (about a minute)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/test.txt
	@touch $@

profiles.yml:
	@cp profiles.yml.example profiles.yml

build: setup ## Build, test and publish (the sample company unless CERTGAP_RAW says otherwise)
	@$(BIN)/certgap build

test: setup $(TEST_READY) $(TEST)/profiles.yml ## ruff, dbt build with all tests, join guards, Python tests
	@echo "== ruff"
	@$(MAKE) --no-print-directory lint-python
	@echo "== dbt build, warnings are errors"
	@rm -rf $(TEST)/certgap.duckdb $(TEST)/published.duckdb $(TEST)/publications.duckdb $(TEST)/dbt
	@$(TEST_ENV) $(BIN)/dbt --quiet --warn-error build --no-partial-parse
	@echo "== join guards"
	@$(TEST_ENV) $(BIN)/certgap guards
	@echo "== Python tests"
	@$(PYTEST) -m "not long"

test-long: setup $(TEST_READY) .venv-docs/.ready $(TEST)/profiles.yml lint-database ## After make test: whole builds of their own, style of all SQL
	@$(MAKE) --no-print-directory -j 2 --output-sync=target lint-sql lint-adapters
	@$(PYTEST) -m long

report: setup ## The executive report of what is published: one HTML file and a PDF
	@$(BIN)/certgap report

truth: setup ## Three invented companies, built and compared cell by cell with the truth
	@$(BIN)/python -m certgap.prove 600:1 3000:11 20000:23
	@$(BIN)/python -m certgap.prove --sources generic 600:5 3000:13

worlds: setup ## 200 random companies, full of corners, under three sets of rules, against the truth
	@$(BIN)/python -m certgap.worlds 200

properties: setup $(TEST_READY) ## 60 random companies told in other orders, twice, by other names: no figure changes
	@$(BIN)/python -m certgap.worlds.try_properties 60 --increments 3
	@$(BIN)/python -m pytest -q --hypothesis-profile=many python/tests/test_worlds.py -k every_property

effects-proof: setup ## The SQL of training effects on 1,000 panels of each of four worlds of a known effect
	@$(BIN)/python -m certgap.effects 1000

prove-adapters: setup ## Each adapter, form and log alone, and a merger of ten, compared cell by cell with the truth
	@$(BIN)/python -m certgap.prove 300:1 --each-adapter

# Long; one that was stopped goes on after its last part. FUZZ="--vendors docebo --mutants 100" for less.
FUZZ ?=
fuzz: setup ## 1,000 mutated files of each feed: no crash, no silent loss, no row invented (docs/fuzz.md)
	@$(BIN)/python -m certgap.fuzz --report $(if $(FUZZ),build/fuzz/report.md,docs/fuzz.md) $(FUZZ)

lint: setup lint-python lint-database ## Check the style of Python (ruff) and SQL (sqlfluff), after make test
	@$(MAKE) --no-print-directory -j 2 --output-sync=target lint-sql lint-adapters

lint-python:
	@$(BIN)/ruff check --quiet python
	@$(BIN)/ruff format --check --quiet python || { echo "run: make format"; exit 1; }

# The compiled SQL is what is linted; the tests' database keeps the working one free.
ADAPTER_SQL := models/staging tests/values
lint-sql: $(TEST)/profiles.yml
	@$(TEST_ENV) $(SQLFLUFF) $(filter-out $(ADAPTER_SQL),$(patsubst %/,%,$(wildcard \
		models/*/ models/*.sql tests/*/ tests/*.sql))) analyses

# With every adapter enabled, also those that are off by default.
lint-adapters: $(TEST)/profiles.yml
	@$(TEST_ENV) CERTGAP_WAREHOUSE=$(TEST)/adapters/certgap.duckdb DBT_TARGET_PATH=$(TEST)/adapters/dbt \
		DBT_LOG_PATH=$(TEST)/adapters/logs $(SQLFLUFF) --config tests/every_adapter/pyproject.toml $(ADAPTER_SQL)

# A copy for the second part: DuckDB opens a file for one process only.
lint-database:
	@test -f $(TEST)/certgap.duckdb || { echo "SQL is linted as compiled: run make test first"; exit 2; }
	@mkdir -p $(TEST)/adapters && cp $(TEST)/certgap.duckdb $(TEST)/adapters

$(TEST)/profiles.yml: profiles.yml.example
	@mkdir -p $(TEST) && cp $< $@

format: setup ## Put Python into the project's style
	@$(BIN)/ruff check --quiet --fix python
	@$(BIN)/ruff format python

simulate: setup ## Invent a company: LEARNERS=600 SEED=7 OUT=build/simulated
	@$(BIN)/certgap simulate --learners $(LEARNERS) --seed $(SEED) --out $(OUT)

# The pages of docs/ and, beside them, dbt's own page: lineage, SQL and tests of every table.
SITE := target/docs
docs: setup .venv-docs/.ready ## The documentation as a site that opens offline (after make build)
	@$(BIN)/dbt --quiet docs generate --static --target-path target/dbt-docs
	@rm -rf $(SITE)
	@.venv-docs/bin/sphinx-build -q -W --keep-going -c docs/_site -d target/dbt-docs/doctrees docs $(SITE)
	@cp target/dbt-docs/static_index.html $(SITE)/dbt.html
	@echo "$(SITE)/index.html"

.venv-docs/.ready: requirements/docs.txt
	@echo "Making .venv-docs from requirements/docs.txt (half a minute)"
	@test -x .venv-docs/bin/python || $(PYTHON) -m venv .venv-docs
	@.venv-docs/bin/python -m pip install -qq --require-hashes -r requirements/docs.txt
	@touch $@

handbook: setup ## Write the pages of docs/reference that are made from the code again
	@$(BIN)/python -m certgap.handbook

dictionary: setup ## Write docs/reference/tables.md again: every published table and column
	@$(BIN)/dbt --quiet parse
	@$(BIN)/python -m certgap.dictionary

metrics: setup ## Check the metrics of models/semantic against the working database (after make build)
	@$(BIN)/dbt --quiet parse
	@$(BIN)/mf validate-configs

lock: ## Write requirements/*.txt again from *.in (needs uv)
	@cd requirements && for name in project test spark bench bi docs; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-strip-extras --quiet $$name.in -o $$name.txt; done

privacy: setup $(TEST_READY) ## Look for every person of the working database in what a build leaves for others (after make build)
	@$(BIN)/python -m certgap.privacy

clean: ## Remove what builds and tests leave behind; databases and .venv stay
	@test ! -d build/cluster/pids || $(CLUSTER) down
	@test ! -f build/bi/superset.pid || $(BIN)/python -m certgap.bi down
	@rm -rf target logs build .pytest_cache .ruff_cache .hypothesis

# ---- Spark on a cluster of this machine (docs/scaling.md) ---------------------------------------
CLUSTER := $(BIN)/python -m certgap.cluster
SPARK_READY := .venv-spark/.ready

.PHONY: cluster-up cluster-down cluster-test cluster-test-short cluster-test-keys cluster-kill-test

cluster-up: setup $(SPARK_READY) ## Start a Spark cluster here: master, two workers, Thrift server (needs Java 17)
	@$(CLUSTER) up

cluster-down: setup ## Stop that cluster
	@$(CLUSTER) down

cluster-test: setup $(SPARK_READY) ## Build and test all on the cluster and compare every table with DuckDB's
	@$(CLUSTER) test

cluster-test-short: setup $(SPARK_READY) ## The same with key and join tests only
	@$(CLUSTER) test --tests short

cluster-test-keys: setup $(SPARK_READY) ## The same with key tests only
	@$(CLUSTER) test --tests keys

cluster-kill-test: setup $(SPARK_READY) ## The same with a worker killed in the middle of the build
	@$(CLUSTER) test --tests short --kill-a-worker

$(SPARK_READY): requirements/spark.txt
	@command -v java >/dev/null || test -n "$${JAVA_HOME:-}" || { echo "Spark needs Java 17 (on Debian: apt-get install openjdk-17-jre-headless)"; exit 2; }
	@echo "Making .venv-spark from requirements/spark.txt (a few minutes)"
	@test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
	@.venv-spark/bin/python -m pip install -qq --require-hashes -r requirements/spark.txt
	@touch $@

# ---- benchmark: what a build costs at the reference load (docs/benchmarks.md) -----------------
# Keeps its simulated deliveries below build/bench and uses them again. BENCH=--help lists options.
BENCH ?=

.PHONY: bench bench-smoke
bench: setup .venv-bench/.ready ## Measure builds of 1.6 million and 160,000 employees, write docs/benchmarks.md
	@$(BIN)/python -m certgap.bench $(BENCH)

bench-smoke: setup .venv-bench/.ready ## The benchmark itself at a hundredth of the size: does it run, are results equal?
	@$(BIN)/python -m certgap.bench --employees 16000 --person-weeks 100000 --short \
		--folder build/bench-smoke --report build/bench-smoke/benchmarks.md

.venv-bench/.ready: requirements/bench.txt
	@echo "Making .venv-bench from requirements/bench.txt (about a minute)"
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install -qq --require-hashes -r requirements/bench.txt
	@touch $@

# ---- the dashboard in Apache Superset (bi/README.md) --------------------------------------------
BI_READY := .venv-bi/.ready

.PHONY: bi-up bi-down bi-test bi-bundle
bi-up: setup $(BI_READY) ## Start Superset here with the dashboard over what is published (after make build; PORT=8088)
	@$(BIN)/python -m certgap.bi up $(if $(PORT),--port $(PORT))

bi-down: setup ## Stop that Superset
	@$(BIN)/python -m certgap.bi down

bi-bundle: setup ## The dashboard as one file to import into your own Superset (after make build)
	@$(BIN)/python -m certgap.bi zip

bi-test: setup $(BI_READY) $(TEST)/published.duckdb ## After make test: every chart in a real Superset, compared with the published tables
	@$(TEST_ENV) $(BIN)/python -m certgap.bi test

# Of the database of the tests, which make test leaves and removes; built here where it has not.
$(TEST)/published.duckdb: | $(TEST)/certgap.duckdb
	@$(TEST_ENV) $(BIN)/certgap publish

$(TEST)/certgap.duckdb: | setup $(TEST)/profiles.yml
	@$(TEST_ENV) $(BIN)/dbt --quiet build --exclude-resource-type unit_test

$(BI_READY): requirements/bi.txt
	@echo "Making .venv-bi from requirements/bi.txt (about a minute)"
	@test -x .venv-bi/bin/python || $(PYTHON) -m venv .venv-bi
	@.venv-bi/bin/python -m pip install -qq --require-hashes -r requirements/bi.txt
	@touch $@

# ---- faults in deliveries (docs/reference/faults.md) -------------------------------------------
# FAULTS="--only half-written-file,rows-twice --report build/faults.md" for a few.
FAULTS ?=

.PHONY: faults
faults: setup ## Inject every fault of the catalogue into a healthy company: none may be silent
	@$(BIN)/python -m certgap.faults $(FAULTS)

# ---- long proofs (docs/reference/proofs.md) ----------------------------------------------------
# PROOF="--count 4 --report build/proofs.md" for a sample.
PROOF ?=

.PHONY: kills readers schedules proofs-smoke joins
kills: setup ## kill -9 at 100 random moments of publications and builds
	@$(BIN)/python -m certgap.proofs kills $(PROOF)

readers: setup ## Two readers in a loop during ten builds: no error, no mixed version
	@$(BIN)/python -m certgap.proofs readers $(PROOF)

schedules: setup ## 200 random delivery schedules: incremental builds equal a full refresh, row for row
	@$(BIN)/python -m certgap.proofs schedules $(PROOF)

# JOINS="--only usage_days --verbose --report build/joins.md" for some of them.
JOINS ?=
joins: setup ## Every declared join broken in every way: the build fails or shows exactly the broken rows
	@$(BIN)/python -m certgap.joinproof $(JOINS)

proofs-smoke: setup ## A sample of the three
	@$(BIN)/python -m certgap.proofs kills --count 4 --builds 1 --report build/proofs.md
	@$(BIN)/python -m certgap.proofs readers --count 1 --report build/proofs.md
	@$(BIN)/python -m certgap.proofs schedules --count 3 --report build/proofs.md

# ---- mutation tests of the SQL (docs/reference/mutants.md) ---------------------------------------
# MUTANTS="--models int_units" for less. Every mutant of a join and a random sample of the others, with the page:
# MUTANTS="--joins --sample 600 --report docs/reference/mutants.md" (about an hour). One that was stopped goes on.
MUTANTS ?=

.PHONY: mutants
mutants: setup ## Change the SQL of every model in one place and see whether a test notices (hours)
	@$(BIN)/python -m certgap.mutants $(if $(MUTANTS),,--report docs/reference/mutants.md) $(MUTANTS)

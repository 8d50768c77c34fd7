# From a bare clone: `make run` starts the demonstration, `make test` proves it. README.md says more.

PORT ?= 8000
HOST ?= 127.0.0.1
WORKERS ?= 2
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/messages.po)
SCRATCH = home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && export RONDA_HOME=$$home DATABASE_URL=

export PORT RONDA_HOME DATABASE_URL
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore
unexport PYTHONPATH VIRTUAL_ENV FLASK_APP

.PHONY: setup setup-tests run test check bench catalogues migration

setup: .venv/.requirements $(CATALOGUES:.po=.mo)

setup-tests: setup .venv/.requirements-dev
	@.ci/packages chromium libreoffice-calc python3-uno poppler-utils

# The stamps hold the hash of what was installed, so that a fresh checkout date costs nothing.
.venv/.requirements: requirements.txt
	@$(call install,requirements.txt)

.venv/.requirements-dev: requirements-dev.txt requirements.txt .venv/.requirements
	@$(call install,requirements-dev.txt)

define install
set -e; \
test -n "$(PYTHON)" || { echo "Ronda needs Python 3.11 or newer." >&2; exit 1; }; \
test -x $(BIN)/python || { .ci/packages python3-venv $(PYTHON); $(PYTHON) -m venv .venv; }; \
hash=$$(cat requirements.txt $(1) | sha256sum | cut -d' ' -f1); \
if [ "$$(cat $@ 2>/dev/null)" != "$$hash" ]; then \
	echo "Installing $(1) ..." >&2; \
	$(BIN)/python -m pip install --quiet --requirement $(1); \
fi; \
echo $$hash > $@
endef

%.mo: %.po .venv/.requirements
	@$(BIN)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$<))

run: export RONDA_DEMO = 1
run: setup
	@$(BIN)/flask db upgrade
	@$(BIN)/flask banks load >&2 || true # an item edited here stays as it is
	@$(BIN)/flask demo
	@exec $(BIN)/granian --interface wsgi --host $(HOST) --port $(PORT) --workers $(WORKERS) \
		--blocking-threads 4 --respawn-failed-workers --log-level warning --factory app:create_app

test: setup-tests
	@$(BIN)/pytest -n 2 --dist loadgroup

check: setup .venv/.requirements-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy survey app.py
	@$(BIN)/pytest tests/test_architecture.py tests/test_translations.py
	@$(SCRATCH) && $(BIN)/flask db upgrade && $(BIN)/flask db check
	@$(BIN)/flask banks check >/dev/null

bench: setup .venv/.requirements-dev
	@$(BIN)/python -m tests.benchmarks --to bench.json

# After words of screens changed: brings every catalogue up to date; then translate what is empty.
catalogues: setup
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords "_l _n:1,2 lazy_gettext lazy_ngettext:1,2 pgettext:1c,2" \
		--add-location file --sort-by-file --omit-header --output-file translations/messages.pot .
	@for language in es pt fr; do \
		$(BIN)/pybabel --quiet update --domain messages --input-file translations/messages.pot \
			--output-dir translations --locale $$language --no-fuzzy-matching --ignore-obsolete \
			--init-missing --omit-header || exit 1; \
	done

# make migration m="what changes": a numbered file with the difference between models and database.
migration: setup
	@test -n "$(m)" || { echo 'usage: make migration m="what changes"' >&2; exit 2; }
	@$(SCRATCH) && $(BIN)/flask db upgrade && $(BIN)/flask db revision --autogenerate --message "$(m)" \
		--rev-id $$(printf %04d $$(($$(ls survey/migrations/versions/*.py 2>/dev/null | wc -l) + 1)))
	@! test -x $(BIN)/ruff || { $(BIN)/ruff check --quiet --fix survey/migrations; $(BIN)/ruff format --quiet survey/migrations; }

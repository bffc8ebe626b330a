# One target for each thing one does daily; `make help` lists them.
SHELL := bash
.DEFAULT_GOAL := help
export SINEW_HOME ?= $(CURDIR)
PREFIX ?= /usr/local
SINEW := .build/release/sinew
.PHONY: studies docs gauges help setup build demo test lint format ctest fuzz fuzz-physics fuzz-files agreement latency schema cross cross-kernels controller install clean trace-files \
	python bench bench-peers results same-bits uninstall deb dist test-package laws transfer time-step physics-steps soak torture \
	test-sweep test-slurm search wheel test-wheel test-python test-peers test-robots test-menagerie test-page test-formats drops judge \
	test-mpi mpi-network walking screen

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## Install the system packages that are missing
	@scripts/dependencies.sh

build: setup ## Build the sinew command (release; 2 to 4 minutes the first time)
	@echo "== Building (release; 2 to 4 minutes the first time)"
	@swift build -c release --product sinew

demo: build ## Train the pendulum, replay it, export it (about a minute after the build)
	@scripts/demo.sh

test: setup ## Everything: format, strict build, Swift tests, C tests, command tests
	@scripts/test.sh

lint: ## Check the format, the borders between targets, and that ARCHITECTURE.md is true
	@scripts/lint.sh

gauges: ## Lines of code by module, functions over 60 lines, files over 300
	@scripts/gauges.sh

docs: ## Build the documentation of the libraries as a site in docs-site (DocC; some minutes the first time)
	@scripts/docs.sh

format: ## Rewrite the sources in the agreed format
	@swift format -i -r Sources Tests Package.swift

ctest: setup ## C tests under AddressSanitizer and UBSan
	@scripts/ctest.sh

drops: setup ## Ten thousand drops of every shape onto five grounds (half an hour)
	@scripts/ctest.sh drops

same-bits: setup ## Does this tree learn with the same bits as another version? BASE=COMMIT (two builds, then a minute)
	@scripts/same_bits.sh $(or $(BASE),$(error which version? make same-bits BASE=COMMIT))

soak: setup ## A million control steps with random actions in every scene under both solvers (half an hour; STEPS=100000 for less)
	@scripts/soak.sh $(or $(STEPS),1000000)

fuzz: fuzz-physics fuzz-files ## All that is fuzzed: physics, and the readers of files

fuzz-physics: setup ## A million random physics definitions and calls under the sanitizers (a minute or two)
	@scripts/ctest.sh million

fuzz-files: ## Fuzz the readers of policy, ONNX, contract, meshes and MJCF (thirty minutes each; FUZZ_SECONDS=60 for less)
	@scripts/fuzz-files.sh $(or $(FUZZ_SECONDS),1800)

torture: build ## The campaign of faults (some minutes; TORTURE_SCALE=10 or kills=5,mutants=10, TORTURE_SEED=1, TORTURE_ONLY=kills,damage/17, TORTURE_PATIENCE=5 on a busy machine)
	@PYTHONDONTWRITEBYTECODE=1 python3 scripts/torture/torture.py $(if $(TORTURE_SEED),--seed $(TORTURE_SEED)) \
		$(if $(TORTURE_SCALE),--scale $(TORTURE_SCALE)) $(if $(TORTURE_PATIENCE),--patience $(TORTURE_PATIENCE)) $(if $(TORTURE_ONLY),--only $(TORTURE_ONLY))

agreement: build ## Trained policies and 24 random shapes through every engine, compiler and -O level (ten minutes; POLICIES="FILE...")
	@scripts/agreement.sh $(POLICIES)

latency: build python ## Time of one action: Swift and C against ONNX Runtime, measured alternately (a minute)
	@.venv/bin/python scripts/latency.py $(POLICY)

cross: build ## Exported C on 32-bit ARM under qemu-user (needs Debian's cross compiler; a minute)
	@scripts/cross.sh

cross-kernels: ## The kernels on 64-bit ARM (NEON) under qemu-user, beside their portable twins (a minute)
	@scripts/cross-kernels.sh

controller: ## The example controller on the installed policy runtime, outside the tree (half a minute)
	@scripts/controller.sh

schema: ## Write Scenes/scene.schema.json, docs/scenes.md, docs/settings.md and the table of docs/mjcf.md again, after a change of their lists
	@SINEW_UPDATE_SCHEMA=1 swift test --filter 'SceneSchemaTests|SettingsReferenceTests|MJCFPageTests'

bench: build ## Measure what this machine does with Sinew (under a minute)
	@$(SINEW) bench

wheel: setup ## Build the Python package in dist; it needs no Swift where it is installed (4 to 10 minutes the first time)
	@scripts/wheel.sh

test-wheel: wheel ## Try it in a fresh Debian root without Swift and ODE (as root; two minutes after the build)
	@scripts/wheel-test.sh

test-python: setup ## Tests of the Python package alone
	@scripts/python.sh
	@scripts/python-tests.sh

test-page: build ## Pages of `replay --html` and `view` in a headless Chromium without a network (installs it; two minutes)
	@scripts/test-page.sh $(SINEW)

test-mpi: build ## Runs by several ranks under Open MPI: the same bytes, through kills and signals (as root; installs it; some minutes)
	@scripts/test-mpi.sh $(SINEW)

mpi-network: build ## What a network of 1 Gbit/s and 1 ms makes of ranks, beside the arithmetic of docs/scale.md (as root; ten minutes)
	@scripts/mpi-network.sh $(SINEW)

test-formats: build ## Films, models, recordings and events in the readers of others: Pillow, ffprobe, pygltflib, trimesh, MCAP, TensorBoard (a minute)
	@scripts/test-formats.sh $(SINEW)

test-sweep: build ## Sweeps killed at random, Optuna's study in its own reader, Kubernetes' manifest and exit codes (installs Optuna; some minutes)
	@scripts/test-sweep.sh $(SINEW)

test-slurm: build ## A sweep on a Slurm of its own, one task put back, one killed (installs slurm-wlm, munge, Optuna; as root; some minutes)
	@scripts/test-sweep.sh $(SINEW) slurm

search: build ## A search by Optuna over eight settings of SAC, and its best with fresh seeds, for docs/scale.md (installs Optuna; ten minutes)
	@scripts/search.sh $(SINEW)

test-peers: setup ## Its tests with Stable-Baselines3 (installs 1.5 GB)
	$(call peers,Benchmarks/peers/requirements.txt)
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check pytest==9.2.0
	@scripts/python-tests.sh .venv-peers/bin/python Python/tests/test_stable_baselines3.py Python/tests/test_example.py

define peers # installs what a comparison needs into .venv-peers .venv-wheel dist
	@test -x .venv-peers/bin/python || python3 -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(1)
endef

bench-peers: build ## Compare with Gymnasium, Stable-Baselines3, SBX and ONNX Runtime (installs 1.5 GB, then half an hour)
	$(call peers,Benchmarks/peers/requirements.txt)
	@.venv-peers/bin/python Benchmarks/compare.py

physics-steps: build ## Microseconds of a physics step beside MuJoCo's, and of both solvers (installs MuJoCo; some minutes)
	$(call peers,Benchmarks/requirements.txt)
	@.venv-peers/bin/python Benchmarks/physics_steps.py
	@.venv-peers/bin/python Benchmarks/physics_steps.py --quadruped

laws: setup ## The laws of mechanics in both solvers and in MuJoCo, into docs/physics.md (installs MuJoCo; some minutes)
	$(call peers,Benchmarks/requirements.txt)
	@cmake -S . -B build/laws -DCMAKE_BUILD_TYPE=Release >/dev/null
	@cmake --build build/laws --target cphysics_laws_test --parallel >/dev/null
	@build/laws/cphysics_laws_test --table >build/laws/table.txt; cat build/laws/table.txt
	@.venv-peers/bin/python Benchmarks/laws_mujoco.py --ours build/laws/table.txt --page docs/physics.md

transfer: build ## Policies of `make results` in Gymnasium's environments, into docs/physics.md (installs MuJoCo; ten minutes)
	$(call peers,Benchmarks/requirements.txt)
	@.venv-peers/bin/python Benchmarks/transfer.py --page docs/physics.md

judge: build ## Policies of `make results` in the MuJoCo files of their own scenes, into docs/physics.md (installs MuJoCo; half an hour)
	$(call peers,Benchmarks/requirements.txt)
	@swift build -c release --product SinewC
	@SINEW_LIBRARY=$(CURDIR)/.build/release/libSinewC.so SINEW_PYTHON_SHARE=$(CURDIR) PYTHONPATH=$(CURDIR)/Python \
		.venv-peers/bin/python Benchmarks/judge.py --page docs/physics.md

walking: build ## Train quadruped and go1 with five seeds each and judge how they walk (half an hour on two idle cores)
	$(call peers,Benchmarks/requirements.txt)
	@swift build -c release --product SinewC
	@PYTHON=.venv-peers/bin/python scripts/walking.sh $(SCENES)

time-step: build ## The same policies at half and a fifth of the time step, into docs/physics.md (installs MuJoCo; half an hour)
	$(call peers,Benchmarks/requirements.txt)
	@.venv-peers/bin/python Benchmarks/time_step.py --page docs/physics.md

screen: build ## Variants of soft actor-critic on three scenes, by the policy at 50,000 steps (hours; goes on where it was stopped)
	@python3 Benchmarks/screen_learner.py $(SCREEN)

studies: build ## Conduct all studies and write their figures into docs/algorithms (four minutes on two idle cores)
	@scripts/studies.sh

results: build ## Make every figure of docs/results.md again (47 runs, 9.2 million steps: three quarters of an hour on two cores)
	@scripts/results.sh

install: build ## Install the command, robots, scenes, manual and completions under PREFIX (default /usr/local)
	@scripts/stage.sh $(SINEW) "$(DESTDIR)$(PREFIX)"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/sinew"

uninstall: ## Remove what make install installed under PREFIX
	@cd "$(DESTDIR)$(PREFIX)" && rm -rf bin/sinew share/sinew share/doc/sinew share/man/man1/sinew.1 \
		share/bash-completion/completions/sinew share/zsh/site-functions/_sinew share/fish/vendor_completions.d/sinew.fish
	@echo "removed sinew from $(DESTDIR)$(PREFIX)"

deb: setup ## Build a Debian package in .build/package; it needs no Swift (4 to 10 minutes the first time)
	@scripts/package.sh deb

dist: setup ## Build a tarball in .build/package that runs on Debian 12 without Swift and without its packages
	@scripts/package.sh dist

test-package: deb dist ## Try package and tarball in two fresh Debian roots (as root; five minutes after the builds)
	@scripts/package-test.sh

test-robots: build ## Real robots (69 files, 131 MB): masses, inertias, joints to 1e-9 as pinocchio has them; docs/robots.md (installs both; five minutes)
	@test -x .venv-robots/bin/python || python3 -m venv .venv-robots
	@.venv-robots/bin/python -m pip install --quiet --disable-pip-version-check pin==4.1.0 example-robot-data==6.0.0
	@.venv-robots/bin/python scripts/robots_pinocchio.py $(SINEW)
	@.venv-robots/bin/python scripts/robots_new.py --page docs/robots.md $(SINEW)

test-menagerie: setup ## Five robots of MuJoCo Menagerie byte for byte as MuJoCo has them, to 1e-9 (clones it, or MENAGERIE=FOLDER; installs MuJoCo)
	$(call peers,Benchmarks/requirements.txt)
	@scripts/menagerie.sh .venv-peers/bin/python $(MENAGERIE)

trace-files: setup ## Every file that the command tests write, by strace: nothing outside its target (a build, then three minutes)
	@swift build -c release --build-tests
	@scripts/strace-check.sh

python: ## Make the Python environment of the export tests in .venv
	@scripts/python.sh

clean: ## Remove what was built
	@rm -rf .build build docs-site .venv .venv-formats .venv-peers .venv-robots .venv-sweep

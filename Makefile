# Everything one does with a clone of Fader; `make` alone lists it.

export FADER_PACK ?= assets/demo

PROGRAM := .build/release/fader
FORMATTED := $(wildcard Package.swift Sources Tests Benchmarks Examples)
SWIFT_FORMAT_OPTIONS := --configuration .swift-format --recursive --parallel

REFERENCE := .deps/reference
REFERENCE_PACKAGES := torch==2.13.0 diffusers==0.42.1 transformers==5.23.0 safetensors==0.8.0 pillow==13.0.0 numpy==2.4.6

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build play install uninstall test test-tools format lint bench benchmarks documentation sanitize device-check device-kit fixtures clean

help: ## List these targets
	@echo "Fader steers pictures by the features of their embedding. Targets:"
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand --tabs=18

setup: ## Install what is missing: system packages, and libtorch in .deps (or a link there to $LIBTORCH)
	@echo "Checking the set-up"
	@Scripts/require-swift
	@Scripts/install-packages
	@Scripts/install-libtorch

build: setup ## Build the fader program
	@echo "Building fader"
	@swift build --configuration release --product fader

play: build ## Play with the demo pack, on your own picture with ARGS=photo.png
	@echo "Starting fader"
	@$(PROGRAM) $(ARGS)

install: build ## Install under PREFIX=/usr/local, or below DESTDIR for a package
	@echo "Installing fader"
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" Scripts/install $(PROGRAM)

uninstall: ## Take away what install has put there
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" Scripts/uninstall

test: setup ## Run all tests
	@echo "Running the tests"
	@swift test --no-parallel

test-tools: ## Install the terminals and servers that some tests play in; without them these tests are skipped
	@echo "Checking the test tools"
	@Scripts/install-test-tools

format: ## Format the sources in place
	@echo "Formatting $(FORMATTED)"
	@swift format $(SWIFT_FORMAT_OPTIONS) --in-place $(FORMATTED)

lint: ## Check that the sources are formatted
	@echo "Checking the format of $(FORMATTED)"
	@swift format lint --strict $(SWIFT_FORMAT_OPTIONS) $(FORMATTED)

benchmarks: setup ## Build the benchmarks
	@echo "Building the benchmarks"
	@swift build --configuration release --package-path Benchmarks

bench: build ## Run the benchmarks, those of one kind with ARGS=--terminal, --training or --published
	@echo "Running the benchmarks"
	@swift run --configuration release --package-path Benchmarks Benchmarks $(ARGS)

documentation: setup ## Build the libraries' documentation into .build/documentation; a warning is an error
	@echo "Building the documentation"
	@Scripts/build-documentation

sanitize: setup ## Run what handles memory and threads by itself under the address and the thread sanitizer
	@echo "Running tests under sanitizers"
	@Scripts/sanitize address
	@Scripts/sanitize thread

device-check: build ## Check on this machine's GPU, or CPU, that all is right and how fast it is
	@echo "Checking the device"
	@PYTHON=$${PYTHON:-python3} Scripts/device/check $(ARGS)

device-kit: setup ## Pack what a GPU machine without Swift needs for the same check into one archive
	@echo "Packing the device kit"
	@Scripts/device/kit

fixtures: $(REFERENCE)/complete ## Make the tests' reference numbers anew, with diffusers, transformers and Pillow
	@for script in Tests/Reference/make_*.py; do echo "Running $$script"; $(REFERENCE)/bin/python "$$script" || exit; done

$(REFERENCE)/complete: Makefile
	@echo "Installing the reference implementations into $(REFERENCE)"
	@python3 -m venv --clear $(REFERENCE)
	@$(REFERENCE)/bin/python -m pip install --quiet $(REFERENCE_PACKAGES)
	@touch $@

clean: ## Delete what was built, but keep .deps
	@echo "Deleting what was built"
	@rm -rf .build .build-address .build-thread Benchmarks/.build

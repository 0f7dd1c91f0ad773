# make help says what there is. Everything a target needs it installs by itself (see .ci/setup).
.DEFAULT_GOAL := help
.PHONY: help setup demo test check audit sbom fuzz coverage bench deb

# Most tests wait for something more than they compute.
export RUST_TEST_THREADS ?= $(shell expr 2 '*' `nproc`)

# What `make demo`, `make test` and `make bench` pass on, for example ARGS=--auto
ARGS ?=

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: ## Installs what building and testing need and is missing
	@.ci/setup build test

demo: ## A whole rehearsal on this machine; ARGS="--auto --scenario ID" plays one through
	@.ci/setup build
	cargo run --locked --features demo -- demo $(ARGS)

test: setup ## All tests, on real components
	cargo test --locked $(ARGS)

check: ## Format, lints, documentation, dependencies
	@.ci/setup build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
	.ci/audit

audit: ## Licences, sources and known vulnerabilities of the dependencies
	.ci/audit

fuzz: ## Throws bytes at what reads them; ARGS="runbook 600": a target and seconds (nightly compiler)
	@.ci/setup build
	.ci/fuzz $(ARGS)

coverage: setup ## Lines that the tests come by, by room; ARGS="-- access::" for some of them
	@.ci/setup coverage
	.ci/coverage $(ARGS)

sbom: ## What the program is made of, as CycloneDX, into target/sbom
	@.ci/setup build
	.ci/sbom

deb: ## The Debian package, into target/debian
	@.ci/setup build
	cargo build --locked --release
	.ci/deb

bench: setup ## Each part beside what people use instead of it
	cargo bench --locked $(ARGS)

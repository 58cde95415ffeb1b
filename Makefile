# `make run` builds and serves an example; `make help` lists the rest.

PORT ?= 8080
CMD ?= python3 examples/greeter/greeter.py
SWIFT ?= swift
VENV := .venv
RELEASE_FLAGS := -c release --product wsbridge --static-swift-stdlib

export PORT CMD

.PHONY: help run build release engines test test-swift test-tls test-conformance test-fuzz test-sanitizers test-sanitizers-short test-end-to-end test-interop test-interop-short test-benchmarks bench deb test-package clean

help:
	@echo 'make run [PORT=8080] [CMD="python3 examples/greeter/greeter.py"]   build and serve a program'
	@echo 'make build            build for development (.build/debug/wsbridge)'
	@echo 'make release          build for use (.build/release/wsbridge)'
	@echo 'make test             units, conformance, fuzzing, sanitizers, servers of others, end to end'
	@echo 'make test-swift | test-conformance | test-fuzz | test-sanitizers-short | test-interop-short | test-end-to-end   one part of them'
	@echo 'make test-sanitizers  more units and all end to end under the thread and the address sanitizer'
	@echo 'make test-interop     behind wsbridge: servers in six languages, nginx, Caddy, Chromium (minutes; installs them)'
	@echo 'make test-tls         what testssl.sh finds (minutes; not part of make test)'
	@echo 'make bench            build for use, measure the engines and the start (a minute; Benchmarks/README.md has more)'
	@echo 'make test-benchmarks  build the measuring of the engines and do each operation once'
	@echo 'make deb              a Debian package (.build/deb)'
	@echo 'make test-package     build, check, install, run and remove that package in trees of its own; needs root'
	@echo 'make clean            remove everything that was built or fetched'

# The words of CMD go through the environment, so that quotes in them survive.
run: release
	@.ci/install-packages run
	@exec .build/release/wsbridge --port "$$PORT" --cmd "$$CMD"

build:
	@.ci/install-packages build
	$(SWIFT) build

release:
	@.ci/install-packages build
	$(SWIFT) build $(RELEASE_FLAGS)

# End to end comes last: its summary is the last line.
test: test-swift test-conformance test-fuzz test-sanitizers-short test-interop-short test-end-to-end

test-swift:
	@.ci/install-packages build
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

test-conformance: build
	@.ci/install-packages test
	Tests/Conformance/run.sh --performance

test-fuzz:
	@if [ -x Fuzz/run.sh ]; then Fuzz/run.sh 5; fi

test-sanitizers: $(VENV)/installed
	@.ci/install-packages build
	Tests/Sanitizers/run.sh

test-sanitizers-short: $(VENV)/installed
	@.ci/install-packages build
	Tests/Sanitizers/run.sh --short

test-tls: build
	@.ci/install-packages tls
	Tests/TLSProfile/run.sh

# Three at a time, file by file: most tests wait for a server, a program or a deadline.
test-end-to-end: build $(VENV)/installed
	$(VENV)/bin/python -m pytest --color=no -q -n 3 --dist loadfile Tests/EndToEnd

# Servers of others behind wsbridge. The short set is what starts in a second and is installed anyway.
test-interop: build $(VENV)/interop
	@.ci/install-packages interop
	$(VENV)/bin/python -m pytest --color=no -q -n 3 --dist loadgroup Tests/Interop

test-interop-short: build $(VENV)/installed
	$(VENV)/bin/python -m pytest --color=no -q -m quick Tests/Interop

ENGINES := Benchmarks/.build/release/engines

# Its flags are those of the program, which are part of what is measured.
engines:
	@.ci/install-packages build
	$(SWIFT) build --package-path Benchmarks -c release --static-swift-stdlib

bench: release engines
	$(ENGINES)
	Benchmarks/start.py

test-benchmarks: engines
	$(ENGINES) --count 1

deb:
	@.ci/install-packages deb
	packaging/build-deb.sh

test-package: $(VENV)/installed
	@.ci/install-packages test-package
	Tests/Package/run.sh

$(VENV)/installed: Tests/EndToEnd/requirements.txt
	@.ci/install-packages test
	python3 -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/EndToEnd/requirements.txt
	@touch $@

$(VENV)/interop: $(VENV)/installed Tests/Interop/requirements.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/Interop/requirements.txt
	@touch $@

clean:
	rm -rf .build Benchmarks/.build .build-order .build-conformance .build-interop .build-thread .build-address $(VENV)
	find Tests -name __pycache__ -type d -prune -exec rm -rf {} +

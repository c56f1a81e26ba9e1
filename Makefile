# Balm. `make help` says what there is; everything is built by meson and ninja below build*/.
# Two commands suffice on a plain Debian 12: `make demo` and `make test`.

MAKEFLAGS += --no-print-directory
LISTEN ?= 127.0.0.1:8080
DEMO_DIR ?= demo
release = --buildtype=release -Db_lto=true -Dwords_strict=true

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

deps-build:
	@tools/deps build
	@tools/npm web

deps-test:
	@tools/deps test
	@tools/npm web
	@tools/npm tests

build: deps-build ## the release binary, build/src/balm
	@test -f build/build.ninja || meson setup build $(release) >/dev/null
	@ninja -C build --quiet src/balm

demo: build ## a practice with life in it on http://127.0.0.1:8080
	@build/src/balm demo --listen $(LISTEN) --dir $(DEMO_DIR)

test: deps-test ## installs what is missing and passes all tests
	@tests/run

bench: deps-test ## benchmarks beside their yardsticks (docs/dev/performance.md)
	@tools/deps bench
	@$(MAKE) build
	@tests/bench/run

fuzz: deps-test ## every fuzz target for SECONDS (60) each
	@tests/fuzz/run $${SECONDS_EACH:-60}

format: ## clang-format all C files
	@git ls-files '*.c' '*.h' | grep -v '^tests/tmplc/golden' | xargs clang-format -i

words: ## Spanish that is still missing, ready to fill in
	@test -f build-gcc/build.ninja || meson setup build-gcc -Dtests=true >/dev/null
	@ninja -C build-gcc words-missing

install: build ## to $(DESTDIR)/usr/local
	@install -D -m 755 build/src/balm "$(DESTDIR)/usr/local/bin/balm"
	@install -D -m 644 deploy/balm.service "$(DESTDIR)/etc/systemd/system/balm.service"
	@install -D -m 644 deploy/balm.socket "$(DESTDIR)/etc/systemd/system/balm.socket"

clean: ## remove what was built
	@rm -rf build build-*

.PHONY: help deps-build deps-test build demo test bench fuzz format words install clean

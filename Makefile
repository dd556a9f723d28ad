# make run            build, start the daemon, allocate two ports for this checkout, list them
# make check          a few minutes: format, source checks, promises, debug build, Swift unit tests, contract tests
# make test           everything: the three parts below, one after the other
# make test-debug     format, source checks, promises, debug build, all Swift tests, thin command line
# make test-http      contract, transparency, verdict and browser tests, with the debug build of the executables
# make test-release   the release build ("make run" twice), the packages, the examples
# make soak           the tests that need root, namespaces or minutes; TESTS=… selects some
# make bench          the rows of docs/performance.md; ROWS=… selects some
# make tsan, asan     the Swift tests under a sanitizer
# check and the tests print "total: N passed, N failed, N skipped" as their last line. Tests/README.md says more.
PREFIX ?= $(HOME)/.local
# SWIFT_EXTRA_FLAGS: for builds within a sandbox, such as Homebrew's.
SWIFT_FLAGS := -c release $(SWIFT_EXTRA_FLAGS)
ifeq ($(shell uname -s),Linux)
# No shared libraries: the executables start faster and run on every Linux of this architecture.
SWIFT_FLAGS += --static-swift-stdlib -Xswiftc -static-executable
# ICU's data for port-server, 5 MB of it instead of 34; when the script fails, the linker takes all of it.
ICU_DATA := $(CURDIR)/.build/icu/data.S
endif

# Further names of portctl, each a command line of its own.
NAMES := get-port release-port list-ports port-manager

.PHONY: setup build run check test test-debug test-http test-release bench soak tsan asan clean install man deb tarball \
	test-packages test-examples screenshots

setup:
	@scripts/setup.sh

build: setup
	@eval "$$(scripts/stamp.sh)"; \
	if [ -n "$(ICU_DATA)" ] && scripts/trim-icu-data.py "$(ICU_DATA)"; then export PORTCTL_ICU_DATA="$(ICU_DATA)"; fi; \
	scripts/build.sh port-server portctl -- $(SWIFT_FLAGS)
	@mkdir -p bin
	@for name in port-server portctl; do \
		cp "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/$$name" bin/.$$name.new && \
		strip bin/.$$name.new && mv -f bin/.$$name.new bin/$$name || exit 1; \
	done
	@for name in $(NAMES); do ln -sf portctl bin/$$name || exit 1; done
	@echo "built bin/port-server and bin/portctl ($(NAMES))"

run: build
	@scripts/run.sh

check: setup
	@scripts/check.sh check

test: setup
	@scripts/check.sh all

test-debug: setup
	@scripts/check.sh debug

test-http: setup
	@scripts/check.sh http

test-release: setup
	@scripts/check.sh release

bench: build
	@scripts/bench.sh $(ROWS)

# The Swift tests and the programs that they start, in a build of their own.
tsan: setup
	@scripts/sanitize.sh thread

asan: setup
	@scripts/sanitize.sh address

soak: build
	@scripts/soak.sh $(TESTS)

clean:
	rm -rf bin dist .build

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 bin/port-server bin/portctl "$(DESTDIR)$(PREFIX)/bin/"
	for name in $(NAMES); do ln -sf portctl "$(DESTDIR)$(PREFIX)/bin/$$name" || exit 1; done
	@echo "installed to $(DESTDIR)$(PREFIX)/bin; \"portctl start\" starts the daemon"

# The pictures of the dashboard and of a terminal in docs/images; needs chromium and chromium-driver.
screenshots: build
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r Tests/BrowserTests/requirements.txt
	@.venv/bin/python scripts/screenshots.py bin docs/images

# Everything below is made from the executables in bin, and put into dist.
man: build
	@scripts/make-man-pages.py bin dist/man

deb: build
	@scripts/package-deb.sh bin dist

tarball: build
	@scripts/package-tarball.sh bin dist

# Tests the package of this version; dist may contain older ones.
test-packages: build
	@packaging/test-man-pages.sh bin
	@packaging/test-completions.sh bin
	@packaging/test-formula.sh
	@packaging/test-tarball.sh bin
	@if [ "$$(uname -s)" = Linux ] && command -v dpkg-deb >/dev/null 2>&1; then \
		scripts/package-deb.sh bin dist && packaging/test-deb.sh "$$(ls -t dist/portctl_*.deb | head -n 1)"; \
	else \
		echo "skipped: the Debian package: it is built and installed only on Debian and Ubuntu"; \
	fi

# The Swift example is a target of this package here, with the flags of "build", so that no dependency is built again.
test-examples: build
	@PORTCTL_EXAMPLES=1 scripts/build.sh embedded-swift -- $(SWIFT_FLAGS)
	@scripts/check-examples.sh bin "$$(PORTCTL_EXAMPLES=1 swift build $(SWIFT_FLAGS) --show-bin-path)/embedded-swift"

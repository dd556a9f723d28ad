# make run    build, start the daemon, allocate two ports for this checkout, list them
# make test   everything that is checked: format, build, every test
PREFIX ?= $(HOME)/.local
# SWIFT_EXTRA_FLAGS: for builds within a sandbox, such as Homebrew's.
SWIFT_FLAGS := -c release $(SWIFT_EXTRA_FLAGS)
ifeq ($(shell uname -s),Linux)
# No shared library at all: faster to start, and it runs on any Linux of this architecture.
SWIFT_FLAGS += --static-swift-stdlib -Xswiftc -static-executable
endif

# What portctl also answers to.
NAMES := get-port release-port list-ports port-manager

.PHONY: setup build run test bench soak tsan asan clean install man deb tarball test-packages screenshots

setup:
	@scripts/setup.sh

build: setup
	@eval "$$(scripts/stamp.sh)"; \
	for name in port-server portctl; do swift build $(SWIFT_FLAGS) --product $$name || exit 1; done
	@mkdir -p bin
	@for name in port-server portctl; do \
		cp "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/$$name" bin/.$$name.new && \
		strip bin/.$$name.new && mv -f bin/.$$name.new bin/$$name || exit 1; \
	done
	@for name in $(NAMES); do ln -sf portctl bin/$$name || exit 1; done
	@echo "built bin/port-server and bin/portctl ($(NAMES))"

run: build
	@scripts/run.sh

test: setup
	@scripts/check.sh

bench: build
	@scripts/bench.sh $(ROWS)

# The Swift tests, and the programs that they start, under a sanitizer of the compiler, built apart.
tsan: setup
	@scripts/sanitize.sh thread

asan: setup
	@scripts/sanitize.sh address

# The tests of docs/promises.md that need root, namespaces or minutes.
soak: build
	@scripts/soak.sh $(TESTS)

clean:
	rm -rf bin dist .build

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 bin/port-server bin/portctl "$(DESTDIR)$(PREFIX)/bin/"
	for name in $(NAMES); do ln -sf portctl "$(DESTDIR)$(PREFIX)/bin/$$name" || exit 1; done
	@echo "installed to $(DESTDIR)$(PREFIX)/bin; \"portctl start\" starts the daemon"

# The pictures of the dashboard in docs/images; needs chromium and chromium-driver.
screenshots: build
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r Tests/BrowserTests/requirements.txt
	@.venv/bin/python scripts/screenshots.py bin docs/images

# Everything below is made of what "make build" makes, and put into dist.
man: build
	@scripts/make-man-pages.py bin dist/man

deb: build
	@scripts/package-deb.sh bin dist

tarball: build
	@scripts/package-tarball.sh bin dist

# The package of this version: dist may have older ones, too.
test-packages: build
	@packaging/test-man-pages.sh bin
	@packaging/test-completions.sh bin
	@packaging/test-formula.sh
	@packaging/test-tarball.sh bin
	@if [ "$$(uname -s)" = Linux ] && command -v dpkg-deb >/dev/null 2>&1; then \
		scripts/package-deb.sh bin dist && packaging/test-deb.sh "$$(ls -t dist/portctl_*.deb | head -n 1)"; \
	else \
		echo "skipped: the Debian package: it is built and installed on Debian and Ubuntu alone"; \
	fi

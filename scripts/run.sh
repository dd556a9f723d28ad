#!/usr/bin/env bash
# Allocates ports for two services of this checkout, the same ones each time, and lists them.
set -euo pipefail
cd "$(dirname "$0")/.."

web=$(bin/portctl port web)
database=$(bin/portctl port database)
echo "web has port $web, database has port $database; the same request returns the same ports."
echo
bin/portctl list
cat <<'TEXT'

Try next:
  bin/portctl run web -- python3 -m http.server {port}    a command on its own port, the same one every time
  bin/portctl lookup web                    where does it listen?
  bin/portctl list --all                    every project's ports
  bin/portctl check --port 8080             is a port free?
  bin/portctl status                        the daemon; "bin/portctl stop" ends it
  make install                              install the programs into ~/.local/bin
TEXT

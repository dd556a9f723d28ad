#!/usr/bin/env bash
# The main job, on this checkout: two services get their ports, now and every time again.
set -euo pipefail
cd "$(dirname "$0")/.."

web=$(bin/portctl port web)
database=$(bin/portctl port database)
echo "web has port $web, database has port $database; asking again gives the same numbers."
echo
bin/portctl list
cat <<'TEXT'

Try next:
  bin/portctl run web -- python3 -m http.server {port}    a command on its own port, the same one every time
  bin/portctl lookup web                    where does it listen?
  bin/portctl list --all                    every project's ports
  bin/portctl check --port 8080             is a port free?
  bin/portctl status                        the daemon; "bin/portctl stop" ends it
  make install                              both commands into ~/.local/bin
TEXT

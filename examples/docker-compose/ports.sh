#!/usr/bin/env bash
# Prints compose.yaml's host ports as export lines, the same numbers every time.
# Start: eval "$(./ports.sh)" && docker compose up
set -euo pipefail

# Assigned first, because a failure of get-port within an echo would be ignored.
# The calling shell owns the ports: this script itself ends at once.
frontend=$(get-port shop-frontend --pid "$PPID")
backend=$(get-port shop-backend --pid "$PPID")
echo "export FRONTEND_PORT=$frontend"
echo "export BACKEND_PORT=$backend"

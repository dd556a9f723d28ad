#!/usr/bin/env bash
# Prints compose.yaml's host ports as export lines, the same numbers every time.
# Start: eval "$(./ports.sh)" && docker compose up
set -euo pipefail

# Assigned first: a get-port that fails inside of an echo would go unnoticed.
# The shell that asked owns the ports; this script ends at once.
frontend=$(get-port shop-frontend --pid "$PPID")
backend=$(get-port shop-backend --pid "$PPID")
echo "export FRONTEND_PORT=$frontend"
echo "export BACKEND_PORT=$backend"

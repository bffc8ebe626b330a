#!/usr/bin/env bash
# Runs by several ranks under Debian's Open MPI: the same bytes as one process, whatever happens to the ranks. As root: it hides the library
# for a test. usage: test-mpi.sh SINEW [SCALE]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v mpirun.openmpi >/dev/null || {
    echo "== Installing Open MPI"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openmpi-bin >/dev/null
}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
PYTHONDONTWRITEBYTECODE=1 exec python3 scripts/test_mpi.py "$@"

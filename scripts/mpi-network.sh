#!/usr/bin/env bash
# What a network makes of ranks: two or more ranks, each in a network namespace of its own, joined by wires of 1 Gbit/s without and with a delay of
# 1 ms, beside the arithmetic of docs/scale.md. As root. Nothing outside the namespaces, which go with this script, sees any of it.
# usage: mpi-network.sh SINEW
set -euo pipefail
cd "$(dirname "$0")/.."
command -v mpirun.openmpi >/dev/null && command -v ping >/dev/null || {
    echo "== Installing Open MPI and ping"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openmpi-bin iproute2 iputils-ping >/dev/null
}
sinew=$(realpath "$1")
folder=$(mktemp -d)
count=2
spaces=()
for i in $(seq 0 $((count - 1))); do spaces+=("sinew$$-$i"); done
delayer=
cleanup() {
    [ -z "$delayer" ] || kill "$delayer" 2>/dev/null || true
    for space in "${spaces[@]}" "sinew$$-hub"; do ip netns del "$space" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT
cc -O2 -o "$folder/delay" scripts/delay.c

echo "== Wires: veth, 1 Gbit/s by tbf"
ip netns add "sinew$$-hub"
ip -n "sinew$$-hub" link add bridge type bridge
ip -n "sinew$$-hub" link set bridge up
for i in "${!spaces[@]}"; do
    ip netns add "${spaces[i]}"
    ip -n "${spaces[i]}" link set lo up
    ip -n "${spaces[i]}" link add wire type veth peer name "port$i" netns "sinew$$-hub"
    ip -n "sinew$$-hub" link set "port$i" master bridge up
    ip -n "${spaces[i]}" address add "10.77.0.$((i + 1))/24" dev wire
    ip -n "${spaces[i]}" link set wire up
    ip netns exec "${spaces[i]}" tc qdisc add dev wire root tbf rate 1gbit burst 64k latency 100ms
    # The same with a delay: packets go through a program, for few kernels have netem.
    ip -n "${spaces[i]}" tuntap add dev tun0 mode tun
    ip -n "${spaces[i]}" address add "10.77.1.$((i + 1))/24" dev tun0
    ip -n "${spaces[i]}" link set tun0 mtu 9000 up
    ip netns exec "${spaces[i]}" tc qdisc add dev tun0 root tbf rate 1gbit burst 64k latency 100ms
done
"$folder/delay" 1000 "${spaces[@]}" &
delayer=$!

# Starts Open MPI's helper in the namespace of the rank that its address names, as ssh would on that machine.
cat >"$folder/agent" <<AGENT
#!/bin/bash
address=\$1
shift
exec ip netns exec "sinew$$-\$((\${address##*.} - 1))" unshare --uts bash -c "hostname rank\${address##*.}; \$*"
AGENT
chmod +x "$folder/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
PYTHONDONTWRITEBYTECODE=1 python3 scripts/mpi_network.py "$sinew" "$folder" "${spaces[@]}"

#!/usr/bin/env bash
# Format, licence lines, the borders that SwiftPM does not enforce (each C target has one Swift owner), and whether the map is true.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== Format"
swift format lint --strict --recursive --parallel Sources Tests Plugins Package.swift

echo "== Borders"
status=0
check_owner() { # module, the only folders whose Swift files may import it
    local found
    found=$(grep -rlE "^[a-z@() ]*import $1\$" Sources Tests --include='*.swift' | grep -vE "^($2)/" || true)
    [ -z "$found" ] || { echo "only ${2//|/ and } may import $1, not: $found" >&2; status=1; }
}
check_owner CYAML 'Sources/Settings'
check_owner CXML2 'Sources/Robots'
check_owner CMeshes 'Sources/Robots'
check_owner CPhysics 'Sources/Physics|Tests/PhysicsTests'
check_owner CKernels 'Sources/Networks|Tests/NetworksTests'
check_owner CMPI 'Sources/Ranks'
check_owner CPolicyRuntime 'Sources/Policies|Tests/PoliciesTests'

outside=$(grep -rlE '#include *<(ode|Eigen)/' Sources | grep -vE '^Sources/(CPhysics|CKernels)/' || true)
[ -z "$outside" ] || { echo "ODE and Eigen headers belong in CPhysics and CKernels, not: $outside" >&2; status=1; }

unsigned=$(grep -rL 'SPDX-License-Identifier: MIT' Sources Tests Plugins --include='*.swift' --include='*.c' \
    --include='*.h' --include='*.cpp' --include='*.inc' || true)
[ -z "$unsigned" ] || { echo "no SPDX line in: $unsigned" >&2; status=1; }

agents=$(grep -rlE '^(public |internal |package )?import (Geometry|Robots|Physics|Scenes)$' \
    Sources/{Files,Settings,Agents,Training,Policies,Networks,Environments,Safetensors} || true)
[ -z "$agents" ] || { echo "learning must not see physics: $agents" >&2; status=1; }

heavy=$(grep -rlE '^(public |internal |package )?import Foundation$' \
    Sources/{Files,Geometry,Settings,Robots,Physics,Environments,Scenes,Ranks,Networks,Safetensors,Policies,Agents,Tasks,Drawing} || true)
[ -z "$heavy" ] || { echo "these take CLibrary in place of Foundation, which is four times as large: $heavy" >&2; status=1; }

echo "== Map"
scripts/check-map.sh || status=1
exit $status

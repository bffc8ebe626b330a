#!/usr/bin/env bash
# Builds the documentation of the library products as a site in docs-site, by DocC; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=()
for module in Environments Policies Export Agents Robots Scenes Training; do targets+=(--target "$module"); done
echo "== Documentation (the first time builds all of these modules)"
# BUILD_DOCS adds DocC's plugin to the package; nothing else asks for it.
BUILD_DOCS=1 swift package --allow-writing-to-directory docs-site generate-documentation "${targets[@]}" \
    --enable-experimental-combined-documentation --transform-for-static-hosting --warnings-as-errors \
    --output-path docs-site
echo "see docs-site/index.html, or: python3 -m http.server --directory docs-site"

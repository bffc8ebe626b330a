#!/usr/bin/env bash
# Puts the command and all that belongs to it under a prefix: robots and scenes, the manual page, completions, documentation.
#
#   scripts/stage.sh BINARY PREFIX [FOLDER OF ZSH'S COMPLETIONS]     the last one below PREFIX/share
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$1
share=$2/share
zsh=$share/${3:-zsh/site-functions}

install -D -m 755 "$binary" "$2/bin/sinew"
for folder in Robots Scenes; do
    install -d "$share/sinew/$folder"
    install -m 644 "$folder"/* "$share/sinew/$folder/"
done
install -d "$share/man/man1" "$share/bash-completion/completions" "$zsh" "$share/fish/vendor_completions.d" "$share/doc/sinew"
python3 scripts/manual.py "$binary" >"$share/man/man1/sinew.1"
# It is sourced, not run.
"$binary" --generate-completion-script bash | sed '1{/^#!/d}' >"$share/bash-completion/completions/sinew"
"$binary" --generate-completion-script zsh >"$zsh/_sinew"
"$binary" --generate-completion-script fish >"$share/fish/vendor_completions.d/sinew.fish"
install -m 644 docs/*.md README.md "$share/doc/sinew/"
chmod -R u=rwX,go=rX "$share/sinew" "$share/doc/sinew"
chmod 644 "$share/man/man1/sinew.1" "$share/bash-completion/completions/sinew" "$zsh/_sinew" "$share/fish/vendor_completions.d/sinew.fish"

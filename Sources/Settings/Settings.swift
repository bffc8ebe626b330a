// SPDX-License-Identifier: MIT

// Settings: what the readers of robots and of scenes share. A YAML file becomes a tree of settings with lines and key paths;
// `Findings` gathers everything that is wrong with a file, each `Diagnostic` with file, line and remedy; `Bounds` says which
// numbers a key may hold, and `NearestName` what a misspelt word was probably meant to be.

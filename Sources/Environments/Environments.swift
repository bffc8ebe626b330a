// SPDX-License-Identifier: MIT

// Environments: the contract between what moves and what learns. An environment takes an action and gives an
// observation and a reward; it says when an episode ends, and why. Nothing here knows physics or networks.

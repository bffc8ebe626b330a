// SPDX-License-Identifier: MIT

// Agents: what learns. An agent acts with exploration, takes in transitions, and updates its networks; it never sees physics.
//
// Each algorithm has a folder: its `Algorithm` (name and summary), its configuration with all keys, its agent and its learner; `Algorithm.all`
// lists them. Experience holds what they share.

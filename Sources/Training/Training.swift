// SPDX-License-Identifier: MIT

// Training: a run. The loop between an agent and an environment, its evaluations, checkpoints, logs and recordings, all in one
// folder from which it goes on, bit for bit, wherever it was stopped. It sees environments, never physics.

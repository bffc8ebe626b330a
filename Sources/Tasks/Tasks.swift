// SPDX-License-Identifier: MIT

// Tasks: a scene with what learns in it. A `LoadedScene` is a scene's file with its robot, found by name or taken from a run's own
// copy; it makes the environments, the algorithm's configuration from the scene's train block, and the deployment contract. It is
// the one module that knows both Scenes and Training.

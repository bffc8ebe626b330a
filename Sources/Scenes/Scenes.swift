// SPDX-License-Identifier: MIT

// Scenes: a task for a robot, from its YAML file to an Environment. The file's keys are read and checked into a `Scene` of plain
// values (Scene, Formats); a `SimulatedEnvironment` brings it to life (Simulation): the description of robot and scene becomes a
// physics world, and the scene's terms are evaluated on what is read from it. Each term is one file (Terms), of which the build makes
// the list; what kinds of terms there are, and how they stand in a scene's lists, is said once (TermKinds).

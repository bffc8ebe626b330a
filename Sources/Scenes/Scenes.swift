// SPDX-License-Identifier: MIT

// Scenes: a task for a robot, from its YAML file to an Environment. The file's keys (Keys) and terms (Terms) are read and checked
// into a `Scene` of plain values (Scene); a `SimulatedEnvironment` brings it to life (Simulation): the description of robot and
// scene becomes a physics world, and the scene's terms are evaluated on what is read from it.

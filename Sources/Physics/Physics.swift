// SPDX-License-Identifier: MIT

// Physics: the Swift owner of CPhysics, the C shim over ODE. A `WorldDefinition` of plain values says what a robot and its
// surroundings are; a `World` is made of it, steps, and is read into a `WorldReading` whose arrays are used again.
// Frames, units and ranges are those of CPhysics.h. Nothing here knows files, tasks or learning.

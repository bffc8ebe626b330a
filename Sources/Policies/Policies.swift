// SPDX-License-Identifier: MIT

// Policies: what acts. A `PolicyNetwork` holds the numbers of a trained network, a `Contract` says what they mean on the robot,
// a `PolicyFile` holds both as bytes, and a `NetworkPolicy` runs such bytes by the same C engine that runs them on the robot.

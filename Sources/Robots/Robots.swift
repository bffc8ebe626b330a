// SPDX-License-Identifier: MIT

// Robots: URDF and MuJoCo (MJCF) files become plain values. `XMLText` finds out what the bytes are in, and `ForeignFile` what is no robot at all. The
// text is read into a tree of elements with their lines, the elements into links and joints, and `RobotAssembly` checks that they
// form one tree and merges the links that do not move against each other. `UnreadParts` names what is not read, `Plausibility` doubts
// numbers that no robot has. Meshes, in a folder of
// their own, become primitives or convex hulls. MJCF/ makes the same links and joints of an MJCF file and all that it includes, and lays what URDF has no
// word for over the robot: motors, a home pose, what touches what. Everything that is wrong is said at once, with file, line and remedy. No physics here.

// SPDX-License-Identifier: MIT

// Robots: URDF files become plain values. A file is read into a tree of elements with their lines, the elements into links and
// joints, and `RobotAssembly` checks that they form one tree and merges the links that do not move against each other.
// Everything that is wrong is said at once, with file, line and remedy. No physics here.

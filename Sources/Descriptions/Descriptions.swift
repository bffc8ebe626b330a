// SPDX-License-Identifier: MIT

// Descriptions reads what people write about robots (URDF) and about scenes (YAML) into plain values, and says everything that is
// wrong with them at once, with file, line and remedy. A file becomes a tree of elements or keys with their lines; the tree is
// interpreted against one table of what is allowed; links that do not move against each other are merged. No physics here.

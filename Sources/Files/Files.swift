// SPDX-License-Identifier: MIT

// Files: how bytes get onto a disk and back. `FileBytes` reads a file whole, `AtomicFile` writes one that appears whole or not at
// all, `CRC32` tells whether bytes are those that were written, and words are written with their low byte first. What the system
// refuses is a `FileError`. Nothing here knows what the bytes mean; it depends on nothing but the C library.

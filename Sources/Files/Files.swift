// SPDX-License-Identifier: MIT

// Files: how bytes get onto a disk and back. `FileBytes` reads a file whole after a look at its kind and size; `AtomicFile` writes one
// that appears whole or not at all; `OutputFile` is a place that a person named, a file or a pipe; `GrowingFile` is a log; `Folder` is
// held open, and nothing done in it follows a link. `CRC32` tells whether bytes are those that were written, and words are written
// with their low byte first; `ProtobufWriter` writes the messages of other tools' files. What cannot be done is a `FileError`. Nothing here knows what the bytes mean; it depends on nothing but
// the C library.

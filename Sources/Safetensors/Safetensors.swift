// SPDX-License-Identifier: MIT

// Safetensors: the one container of policies, checkpoints and recordings. A file is an 8-byte length, a JSON header that
// names every tensor, and the tensors' bytes without a gap. `TensorArchive` is such a file as a value, `TensorFileWriter`
// writes a big one piece by piece, and both write atomically: a reader sees the old file or the new one, never a half.
// The format is Hugging Face's safetensors 0.x; files are little-endian, as is every machine that this builds for.

// SPDX-License-Identifier: MIT

// Networks: what the learner computes with. Flat parameters, a perceptron on them, the squashed Gaussian, Adam and
// Polyak averaging; each is one pass over contiguous memory, done by CKernels. Memory.swift and KernelCalls.swift alone
// touch pointers.

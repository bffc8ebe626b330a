# SPDX-License-Identifier: MIT
"""Writes the golden files beside it with the reference implementation, safetensors 0.8.0."""

import pathlib

import numpy
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parent
save_file(
    {
        "weights": numpy.array([[1.5, -2.25, 0.1], [3e38, -0.0, 1e-45]], numpy.float32),
        "bytes": numpy.array([1, 2, 250], numpy.uint8),
        "doubles": numpy.array([0.1, -1e300], numpy.float64),
        "long": numpy.array([-(2**63), 2**63 - 1], numpy.int64),
        "unsigned": numpy.array([2**64 - 1], numpy.uint64),
        "words": numpy.array([[7], [2**32 - 1]], numpy.uint32),
        "scalar": numpy.array(4.5, numpy.float32),
        "empty": numpy.zeros((0, 3), numpy.float32),
        "a \"quoted\" näme\n\u0001": numpy.array([9], numpy.float32),
    },
    folder / "reference.safetensors",
    metadata={"format": "line\nbreak \\ \"é\" 🐟"},
)

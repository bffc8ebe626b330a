# SPDX-License-Identifier: MIT
"""Gymnasium's spaces of a scene."""
from typing import Any

import gymnasium
import numpy


def observation_space(description: "dict[str, Any]") -> gymnasium.spaces.Box:
    """The box of the observations: finite bounds where the scene has some."""
    elements = description["observations"]
    # A bound is rounded outwards, so that no observation is outside for the sake of a bit.
    low = numpy.array([element.get("low", -numpy.inf) for element in elements])
    high = numpy.array([element.get("high", numpy.inf) for element in elements])
    return gymnasium.spaces.Box(_outwards(low, -numpy.inf), _outwards(high, numpy.inf), dtype=numpy.float32)


def action_space(description: "dict[str, Any]") -> gymnasium.spaces.Box:
    """The box of the actions: each within [-1, 1]; the description says what it commands."""
    return gymnasium.spaces.Box(-1.0, 1.0, (len(description["actions"]),), numpy.float32)


def _outwards(bounds: numpy.ndarray, direction: float) -> numpy.ndarray:
    rounded = bounds.astype(numpy.float32)
    inside = rounded > bounds if direction < 0 else rounded < bounds
    return numpy.where(inside, numpy.nextafter(rounded, numpy.float32(direction)), rounded)

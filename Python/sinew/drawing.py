# SPDX-License-Identifier: MIT
"""Pictures of a robot: lit, with its shadow, by a rasteriser that needs neither a display nor a graphics card."""
import numpy

from ._library import LIBRARY, check

WIDTH, HEIGHT = 640, 480


def picture(handle: int, index: int) -> numpy.ndarray:
    """The environment as it stands: (480, 640, 3) bytes."""
    image = numpy.empty((HEIGHT, WIDTH, 3), numpy.uint8)
    check(LIBRARY.sinew_environments_picture(handle, index, WIDTH, HEIGHT, image.ctypes.data, image.nbytes))
    return image

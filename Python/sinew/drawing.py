# SPDX-License-Identifier: MIT
"""Pictures of a robot: its links as thick lines in the plane that it moves in."""
from ctypes import c_double

import numpy

from ._library import LIBRARY, check

SIZE = 480
PAPER, GROUND = (255, 255, 255), (214, 219, 225)
COLOURS = ((42, 111, 151), (224, 122, 95), (61, 139, 87), (141, 90, 151), (201, 162, 39), (92, 103, 125))


def picture(handle: int, index: int) -> numpy.ndarray:
    """The environment as it stands: (480, 480, 3) bytes, 4 m high and wide at least, the robot in the middle."""
    count = check(LIBRARY.sinew_environments_figure(handle, index, None, 0))
    numbers = (c_double * max(count, 1))()
    check(LIBRARY.sinew_environments_figure(handle, index, numbers, count))
    # has_ground, then for each line: x, y of both ends, radius, link.
    has_ground, strokes = numbers[0], numpy.array(numbers[1:count]).reshape(-1, 6)
    ends = strokes[:, :4].reshape(-1, 2)
    middle = (ends.min(0) + ends.max(0)) / 2
    reach = max(1.0, 0.75 * float((ends.max(0) - ends.min(0)).max()))
    across = numpy.linspace(-reach, reach, SIZE)
    x, y = numpy.meshgrid(middle[0] + across, middle[1] - across)
    image = numpy.empty((SIZE, SIZE, 3), numpy.uint8)
    image[:] = PAPER
    if has_ground:
        image[y < 0] = GROUND
    for x1, y1, x2, y2, radius, link in strokes:
        along = numpy.array([x2 - x1, y2 - y1])
        share = ((x - x1) * along[0] + (y - y1) * along[1]) / max(float(along @ along), 1e-12)
        share = share.clip(0, 1)
        distance = numpy.hypot(x - x1 - share * along[0], y - y1 - share * along[1])
        image[distance <= max(radius, reach / 100)] = COLOURS[int(link) % len(COLOURS)]
    return image

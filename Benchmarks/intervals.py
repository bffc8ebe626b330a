# SPDX-License-Identifier: MIT
"""A median and what it might as well be."""
import statistics
import sys
from math import comb


def interval(ratios):
    """The median and an interval that holds the true one in 95 of 100 cases at least (order statistics, binomial)."""
    ordered, count = sorted(ratios), len(ratios)
    rank = 0
    while 2 * sum(comb(count, k) for k in range(rank + 1)) <= 0.05 * 2**count:
        rank += 1
    if rank == 0:
        sys.exit("an interval of 95 % needs 6 pairs")
    return statistics.median(ordered), ordered[rank - 1], ordered[count - rank]

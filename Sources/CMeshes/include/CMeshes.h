/* SPDX-License-Identifier: MIT */
/* CMeshes: the convex hull of points in space, by qhull, as a small C interface. Its only owner is Robots. */
#ifndef CMESHES_H
#define CMESHES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a call. */
enum {
    CMESHES_OK = 0,
    CMESHES_FLAT = 1, /* the points lie in a plane, but for rounding, or are fewer than 4 */
    CMESHES_OUT_OF_MEMORY = 2,
    CMESHES_FAILED = 3 /* qhull gave up on them */
};

/* The triangles of the hull of `count` points (x, y, z each, finite, within +-1e30) as triples of their
 * indices, all turned the same way round, in an array that `cmeshes_free` frees. The same points give the
 * same triangles. Different threads may call it at the same time. */
int cmeshes_hull(const double *points, size_t count, uint32_t **triangles, size_t *triangle_count);

/* Frees what `cmeshes_hull` gave. */
void cmeshes_free(uint32_t *triangles);

#ifdef __cplusplus
}
#endif

#endif

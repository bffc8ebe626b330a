/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* fmemopen */

#include "CMeshes.h"

#include <libqhull_r/qhull_ra.h>
#include <math.h>
#include <stdlib.h>

/* The corners of all facets; NULL where memory is exhausted. */
static uint32_t *copy_triangles(qhT *qh, size_t *count) {
    uint32_t *out = malloc(((size_t)qh->num_facets + 1) * 3 * sizeof *out);
    facetT *facet;
    vertexT *vertex, **vertexp;
    *count = 0;
    if (out == NULL)
        return NULL;
    FORALLfacets {
        setT *corners = qh_facet3vertex(qh, facet);
        if (qh_setsize(qh, corners) == 3) {
            uint32_t *triangle = out + 3 * (*count)++;
            FOREACHvertex_(corners) *triangle++ = (uint32_t)qh_pointid(qh, vertex->point);
        }
        qh_settempfree(qh, &corners);
    }
    return out;
}

int cmeshes_hull(const double *points, size_t count, uint32_t **triangles, size_t *triangle_count) {
    static char command[] = "qhull Qt Pp"; /* triangles alone; no advice on the terminal */
    char sink[16];
    if (count < 4)
        return CMESHES_FLAT;
    if (count > 1u << 24)
        return CMESHES_OUT_OF_MEMORY;
    for (size_t i = 0; i < 3 * count; i++)
        if (!(fabs(points[i]) <= 1e30))
            return CMESHES_FAILED;
    qhT *qh = calloc(1, sizeof *qh);
    FILE *complaints = fmemopen(sink, sizeof sink, "w"); /* qhull has things to say, and nobody reads them */
    int status = CMESHES_OUT_OF_MEMORY;
    if (qh != NULL && complaints != NULL) {
        qh_zero(qh, complaints);
        /* It does not write to the points: nothing that scales or turns them is asked for. */
        int code = qh_new_qhull(qh, 3, (int)count, (coordT *)points, False, command, complaints, complaints);
        status = code == qh_ERRnone       ? CMESHES_OK
                 : code == qh_ERRsingular ? CMESHES_FLAT
                 : code == qh_ERRmem      ? CMESHES_OUT_OF_MEMORY
                                          : CMESHES_FAILED;
        if (status == CMESHES_OK) {
            *triangles = copy_triangles(qh, triangle_count);
            if (*triangles == NULL)
                status = CMESHES_OUT_OF_MEMORY;
        }
        int long_memory, total;
        qh->NOerrexit = True;
        qh_freeqhull(qh, !qh_ALL);
        qh_memfreeshort(qh, &long_memory, &total);
    }
    if (complaints != NULL)
        fclose(complaints);
    free(qh);
    return status;
}

void cmeshes_free(uint32_t *triangles) {
    free(triangles);
}

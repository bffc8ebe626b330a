/* SPDX-License-Identifier: MIT */
/*
 * CMPI: the few calls of Open MPI that the ranks of a run need, by function pointers that are found when
 * asked for: nothing of it is needed to build or to run without it. All calls come from one thread.
 */
#ifndef CMPI_H
#define CMPI_H

#include <stdint.h>

#if defined(__clang__)
#define CMPI_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define CMPI_CLOSED
#define _Nonnull
#endif

typedef enum CMPI_CLOSED {
    CMPI_OPEN = 0,
    /* There is no such library; the text says why. */
    CMPI_MISSING = 1,
    /* There is only a library of MPICH's kind, whose handles are numbers; the text has its name. */
    CMPI_OTHER = 2,
    /* A function is not there; the text has its name. */
    CMPI_INCOMPLETE = 3,
} cmpi_status;

/* Loads the library; what the status is about is written to `text`. */
cmpi_status cmpi_open(char *_Nonnull text, int32_t length);

/* Starts it, after cmpi_open; returns MPI's error code, 0 for none. */
int32_t cmpi_start(int32_t *_Nonnull rank, int32_t *_Nonnull count);

/* How long a waiting rank looks before it sleeps between two looks, ns. */
void cmpi_set_patience(int64_t nanoseconds);

/*
 * Completes `bytes`, a block of sizes[r] bytes for each rank r one after another, of which this rank has written
 * its own: each rank sends its block to each other one. A failure ends all ranks.
 */
void cmpi_gather(void *_Nonnull bytes, const int64_t *_Nonnull sizes);

/* Ends all ranks with this exit code. */
void cmpi_abort(int32_t code);

/* Ends the use of the library, when all ranks do. */
void cmpi_finish(void);

#endif

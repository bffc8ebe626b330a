/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "CMPI.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* Open MPI's handles are pointers: to what it exports, or to what it makes. */
typedef void *handle;

static struct {
    int (*init)(int *, char ***, int, int *);
    int (*rank)(handle, int *);
    int (*size)(handle, int *);
    int (*send)(const void *, int, handle, int, int, handle, handle *);
    int (*receive)(void *, int, handle, int, int, handle, handle *);
    int (*test)(int, handle *, int *, void *);
    int (*abort)(handle, int);
    int (*finish)(void);
    handle world, byte;
} mpi;

static int own, ranks;
static int64_t patience;
static handle *requests;

/* One message has at most so many bytes: MPI counts by an int. */
enum { CHUNK = 1 << 28 };

static cmpi_status find(void *library, const char *name, void *target, char *text, int32_t length) {
    void *symbol = dlsym(library, name);
    if (!symbol) {
        snprintf(text, (size_t)length, "%s", name);
        return CMPI_INCOMPLETE;
    }
    *(void **)target = symbol;
    return CMPI_OPEN;
}

/* The library that programs of MPICH and its relatives load. */
static const char *other_library(void) {
    static const char *const names[] = {"libmpi.so.12", "libmpich.so.12"};
    for (int i = 0; i < 2; i++) {
        void *library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
        if (library) {
            dlclose(library);
            return names[i];
        }
    }
    return NULL;
}

cmpi_status cmpi_open(char *text, int32_t length) {
#ifdef __APPLE__
    const char *name = "libmpi.40.dylib";
#else
    const char *name = "libmpi.so.40";
#endif
    /* Global: its own plugins look for its functions. */
    void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(text, (size_t)length, "%s", reason ? reason : "no reason given");
        const char *other = other_library();
        if (!other) return CMPI_MISSING;
        snprintf(text, (size_t)length, "%s", other);
        return CMPI_OTHER;
    }
    const struct {
        const char *name;
        void *target;
    } symbols[] = {
        {"ompi_mpi_comm_world", &mpi.world}, {"ompi_mpi_byte", &mpi.byte},  {"MPI_Init_thread", &mpi.init},
        {"MPI_Comm_rank", &mpi.rank},        {"MPI_Comm_size", &mpi.size},  {"MPI_Isend", &mpi.send},
        {"MPI_Irecv", &mpi.receive},         {"MPI_Testall", &mpi.test},    {"MPI_Abort", &mpi.abort},
        {"MPI_Finalize", &mpi.finish},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        cmpi_status status = find(library, symbols[i].name, symbols[i].target, text, length);
        if (status != CMPI_OPEN) return status;
    }
    return CMPI_OPEN;
}

int32_t cmpi_start(int32_t *rank, int32_t *count) {
    const int funneled = 1;
    int provided = 0;
    int code = mpi.init(NULL, NULL, funneled, &provided);
    if (code == 0) code = mpi.rank(mpi.world, &own);
    if (code == 0) code = mpi.size(mpi.world, &ranks);
    if (code != 0) return code;
    requests = calloc(2 * (size_t)ranks, sizeof *requests);
    if (!requests) return -1;
#ifdef __linux__
    /* A short sleep takes 50 microseconds longer otherwise. */
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
#endif
    *rank = own;
    *count = ranks;
    return 0;
}

void cmpi_set_patience(int64_t nanoseconds) { patience = nanoseconds; }

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/*
 * Waits for the requests. Open MPI's own waiting takes a whole core, which a rank beside this one may need: so it is asked again and
 * again, with sleeps between that get longer, to a sixteenth of the time waited and at most a millisecond.
 */
static void wait_for(int count) {
    int done = 0;
    int64_t start = 0;
    for (;;) {
        mpi.test(count, requests, &done, NULL);
        if (done) return;
        int64_t time = now();
        if (start == 0) start = time;
        int64_t waited = time - start;
        if (waited < patience) {
            sched_yield();
            continue;
        }
        int64_t pause = waited / 16;
        if (pause < 5000) pause = 5000;
        if (pause > 1000000) pause = 1000000;
        nanosleep(&(struct timespec){.tv_nsec = pause}, NULL);
    }
}

/* Sends or receives the bytes of a block from `done` on, at most a chunk; returns the next request. */
static int post(char *block, int64_t size, int64_t done, int other, int is_send, int count) {
    if (size <= done) return count;
    int length = (int)(size - done < CHUNK ? size - done : CHUNK);
    if (is_send) mpi.send(block + done, length, mpi.byte, other, 0, mpi.world, requests + count);
    else mpi.receive(block + done, length, mpi.byte, other, 0, mpi.world, requests + count);
    return count + 1;
}

void cmpi_gather(void *bytes, const int64_t *sizes) {
    int64_t largest = 0;
    char *own_block = bytes;
    for (int rank = 0; rank < ranks; rank++) {
        if (sizes[rank] > largest) largest = sizes[rank];
        if (rank < own) own_block += sizes[rank];
    }
    for (int64_t done = 0; done < largest; done += CHUNK) {
        int count = 0;
        char *block = bytes;
        for (int rank = 0; rank < ranks; block += sizes[rank++])
            if (rank != own) count = post(block, sizes[rank], done, rank, 0, count);
        for (int step = 1; step < ranks; step++)
            count = post(own_block, sizes[own], done, (own + step) % ranks, 1, count);
        wait_for(count);
    }
}

void cmpi_abort(int32_t code) { mpi.abort(mpi.world, code); }

void cmpi_finish(void) { mpi.finish(); }

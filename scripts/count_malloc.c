/* SPDX-License-Identifier: MIT */

/* Counts the allocations of a whole program:  cc -shared -fPIC -o count.so count_malloc.c; LD_PRELOAD=./count.so PROGRAM
 * It prints the number to standard error at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_long allocations;
static void *(*next)(size_t count);

void *malloc(size_t count) {
    if (next == NULL) {
        *(void **)&next = dlsym(RTLD_NEXT, "malloc");
    }
    allocations++;
    return next(count);
}

__attribute__((destructor)) static void report(void) {
    fprintf(stderr, "allocations %ld\n", (long)allocations);
}

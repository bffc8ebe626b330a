/* SPDX-License-Identifier: MIT */
/* ODE's way to report an error is to end the process. Every argument is checked before it gets there; this is
 * what remains. */
#define _POSIX_C_SOURCE 200809L
#include "physics_internal.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

static __thread jmp_buf *escape;
static __thread bool is_thread_prepared;
static uint64_t guard_count;
static bool is_double_precision;
static pthread_once_t once = PTHREAD_ONCE_INIT;

const char *phys_status_text(phys_status status) {
    switch (status) {
    case PHYS_OK:
        return "done";
    case PHYS_INVALID_ARGUMENT:
        return "an argument is null, has a wrong count or index, or is out of range";
    case PHYS_INVALID_DEFINITION:
        return "the definition cannot be simulated";
    case PHYS_OUT_OF_MEMORY:
        return "memory is exhausted";
    case PHYS_DIVERGED:
        return "the simulation diverged; the world can only be placed, restored or destroyed";
    case PHYS_BAD_STATE:
        return "the bytes are not a state of this world, or are damaged";
    case PHYS_PRECISION_MISMATCH:
        return "the ODE library was not built for double precision";
    }
    return "unknown status";
}

uint64_t phys_guard_count(void) {
    return __atomic_load_n(&guard_count, __ATOMIC_RELAXED);
}

/* ODE calls abort() or exit() when this returns. */
static void leave(int number, const char *message, va_list arguments) {
    (void)number, (void)message, (void)arguments;
    __atomic_add_fetch(&guard_count, 1, __ATOMIC_RELAXED);
    if (escape != NULL)
        longjmp(*escape, 1);
}

static void stay_silent(int number, const char *message, va_list arguments) {
    (void)number, (void)message, (void)arguments;
}

static void prepare_process(void) {
    is_double_precision = dCheckConfiguration("ODE_double_precision") != 0;
    if (!is_double_precision)
        return;
    dInitODE2(0);
    dSetDebugHandler(leave);
    dSetErrorHandler(leave);
    dSetMessageHandler(stay_silent);
}

bool phys_prepare_ode(void) {
    pthread_once(&once, prepare_process);
    if (!is_double_precision)
        return false;
    if (!is_thread_prepared) {
        dAllocateODEDataForThread(dAllocateMaskAll);
        is_thread_prepared = true;
    }
    return true;
}

/* Runs `call`; false when ODE wanted to end the process inside it. Nothing of this frame changes after
 * setjmp, so that no local of it needs to be volatile. */
bool phys_guard(void (*call)(void *context), void *context) {
    jmp_buf here;
    jmp_buf *const outer = escape;
    if (setjmp(here) == 0) {
        escape = &here;
        call(context);
        escape = outer;
        return true;
    }
    escape = outer;
    return false;
}

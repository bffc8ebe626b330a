/* SPDX-License-Identifier: MIT */

/* Kills a sinew at a call of the file system, or has that call fail once:  LD_PRELOAD=preload.so sinew ...
 *
 *   TORTURE_AT     CALL:K:ACTION, the K-th call (from 1) of write, fsync, rename, open, mkdir, unlink, ftruncate or any;
 *                  ACTION is before or after (SIGKILL), short (half of a write), or the number of an error
 *   TORTURE_CHILD  set: only a sinew that another sinew started does it
 *   TORTURE_LOG    at its end, and when it acts, the process adds a line to this file: the counts of all calls, or what it did
 *   TORTURE_CLOCK  nanoseconds that each look at the clock of training adds to it, so that a short run writes many checkpoints
 *
 * Counted are calls about regular files and folders outside the system's own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum call { WRITE, FSYNC, RENAME, OPEN, MKDIR, UNLINK, FTRUNCATE, ANY };
enum { KILL_BEFORE = -1, KILL_AFTER = -2, SHORT = -3 };
static const char *const names[] = {"write", "fsync", "rename", "open", "mkdir", "unlink", "ftruncate", "any"};

static atomic_long counts[ANY + 1], ticks;
static int armed, target = -1, action;
static long at, tick;

static int isSinew(const char *link, char *path, size_t room) {
    const ssize_t count = readlink(link, path, room - 1);
    if (count <= 0) {
        return 0;
    }
    path[count] = 0;
    const char *slash = strrchr(path, '/');
    return slash != NULL && strcmp(slash, "/sinew") == 0;
}

static void note(const char *line) {
    const char *path = getenv("TORTURE_LOG");
    const long file = path == NULL ? -1 : syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (file >= 0) {
        syscall(SYS_write, file, line, strlen(line));
        syscall(SYS_close, file);
    }
}

__attribute__((constructor)) static void begin(void) {
    char own[4096], parent[4096], link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)getppid());
    armed = isSinew("/proc/self/exe", own, sizeof own);
    const char *clock = getenv("TORTURE_CLOCK");
    tick = armed && clock != NULL ? atol(clock) : 0;
    if (armed && getenv("TORTURE_CHILD") != NULL) {
        armed = isSinew(link, parent, sizeof parent);
    }
    char call[16], what[16];
    const char *order = getenv("TORTURE_AT");
    if (!armed || order == NULL || sscanf(order, "%15[^:]:%ld:%15s", call, &at, what) != 3) {
        return;
    }
    for (int k = 0; k <= ANY; k++) {
        target = strcmp(call, names[k]) == 0 ? k : target;
    }
    action = strcmp(what, "before") == 0 ? KILL_BEFORE
        : strcmp(what, "after") == 0     ? KILL_AFTER
        : strcmp(what, "short") == 0     ? SHORT
                                         : atoi(what);
}

__attribute__((destructor)) static void end(void) {
    char line[256];
    int used = 0;
    for (int k = 0; armed && k <= ANY; k++) {
        used += snprintf(line + used, sizeof line - (size_t)used, "%s %ld ", names[k], (long)counts[k]);
    }
    if (used > 0) {
        line[used - 1] = '\n';
        note(line);
    }
}

/* Whether it is this call's turn. */
static int turn(enum call call) {
    if (!armed) {
        return 0;
    }
    const long own = ++counts[call], all = ++counts[ANY];
    if (target < 0 || (target == ANY ? all : own) != at || (target != ANY && target != (int)call)) {
        return 0;
    }
    char line[64];
    snprintf(line, sizeof line, "acted %s\n", names[call]);
    note(line);
    if (action == KILL_BEFORE) {
        kill(getpid(), SIGKILL);
    }
    return 1;
}

static int isOwnFile(int file) {
    const int code = errno;
    struct stat status;
    const int own = fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    errno = code;
    return own;
}

static int isOwnPath(const char *path) {
    static const char *const system[] = {"/proc", "/sys", "/dev", "/usr", "/etc", "/lib", "/opt", "/run"};
    for (size_t k = 0; path != NULL && k < sizeof system / sizeof *system; k++) {
        if (strncmp(path, system[k], strlen(system[k])) == 0) {
            return 0;
        }
    }
    return path != NULL;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The call itself, or its failure, or a death behind it. */
#define ACT(call, own, real)                                                                                                     \
    do {                                                                                                                         \
        const int now = (own) && turn(call);                                                                                     \
        if (now && action > 0) {                                                                                                 \
            errno = action;                                                                                                      \
            return -1;                                                                                                           \
        }                                                                                                                        \
        const __typeof__(real) result = real;                                                                                    \
        if (now && action == KILL_AFTER) {                                                                                       \
            kill(getpid(), SIGKILL);                                                                                             \
        }                                                                                                                        \
        return result;                                                                                                           \
    } while (0)

/* How much of a write happens: half of it, where the call that is about to be counted is the one. */
static size_t part(size_t count, int file) {
    const int due = armed && action == SHORT && isOwnFile(file) && counts[target == WRITE ? WRITE : ANY] + 1 == at;
    return due && count > 1 ? count / 2 : count;
}

ssize_t write(int file, const void *bytes, size_t count) {
    const size_t some = part(count, file);
    ACT(WRITE, isOwnFile(file), NEXT(write)(file, bytes, some));
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    const size_t some = part(count, file);
    ACT(WRITE, isOwnFile(file), NEXT(pwrite)(file, bytes, some, offset));
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    const size_t some = part(count, file);
    ACT(WRITE, isOwnFile(file), NEXT(pwrite64)(file, bytes, some, offset));
}
int fsync(int file) { ACT(FSYNC, isOwnFile(file), NEXT(fsync)(file)); }
int ftruncate(int file, off_t length) { ACT(FTRUNCATE, isOwnFile(file), NEXT(ftruncate)(file, length)); }
int ftruncate64(int file, off64_t length) { ACT(FTRUNCATE, isOwnFile(file), NEXT(ftruncate64)(file, length)); }
int rename(const char *from, const char *to) { ACT(RENAME, isOwnPath(to), NEXT(rename)(from, to)); }
int renameat(int from, const char *old, int to, const char *name) {
    ACT(RENAME, isOwnPath(name), NEXT(renameat)(from, old, to, name));
}
int mkdir(const char *path, mode_t mode) { ACT(MKDIR, isOwnPath(path), NEXT(mkdir)(path, mode)); }
int mkdirat(int folder, const char *path, mode_t mode) { ACT(MKDIR, isOwnPath(path), NEXT(mkdirat)(folder, path, mode)); }
int unlink(const char *path) { ACT(UNLINK, isOwnPath(path), NEXT(unlink)(path)); }
int unlinkat(int folder, const char *path, int flags) { ACT(UNLINK, isOwnPath(path), NEXT(unlinkat)(folder, path, flags)); }
int rmdir(const char *path) { ACT(UNLINK, isOwnPath(path), NEXT(rmdir)(path)); }

static mode_t modeOf(int flags, va_list rest) {
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, unsigned) : 0;
}
#define MODE                                                                                                                     \
    va_list rest;                                                                                                                \
    va_start(rest, flags);                                                                                                       \
    const mode_t mode = modeOf(flags, rest);                                                                                     \
    va_end(rest)

int open(const char *path, int flags, ...) {
    MODE;
    ACT(OPEN, isOwnPath(path), NEXT(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    MODE;
    ACT(OPEN, isOwnPath(path), NEXT(open64)(path, flags, mode));
}
int openat(int folder, const char *path, int flags, ...) {
    MODE;
    ACT(OPEN, isOwnPath(path), NEXT(openat)(folder, path, flags, mode));
}
int openat64(int folder, const char *path, int flags, ...) {
    MODE;
    ACT(OPEN, isOwnPath(path), NEXT(openat64)(folder, path, flags, mode));
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    const int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (tick > 0 && clock == CLOCK_BOOTTIME && result == 0) {
        const long added = (++ticks) * tick + time->tv_nsec;
        time->tv_sec += added / 1000000000;
        time->tv_nsec = added % 1000000000;
    }
    return result;
}

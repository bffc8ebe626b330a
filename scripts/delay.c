/* SPDX-License-Identifier: MIT */
/*
 * A network that is slow: joins the TUN devices of some network namespaces, and passes each packet on a while after it came.
 * usage: delay MICROSECONDS NAMESPACE...; the device of each is tun0, its address 10.77.1.(number + 1). As root.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 16, LARGEST = 9216, SLOTS = 4096 };

static struct {
    int64_t due;
    int length, target;
    unsigned char bytes[LARGEST];
} ring[SLOTS];

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int device(const char *name) {
    char path[200];
    snprintf(path, sizeof path, "/run/netns/%s", name);
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET)) return -1;
    close(space);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    strcpy(request.ifr_name, "tun0");
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return file < 0 || ioctl(file, TUNSETIFF, &request) ? -1 : file;
}

int main(int count, char **names) {
    if (count < 4 || count - 2 > MOST) return 64;
    int64_t delay = atoll(names[1]) * 1000;
    struct pollfd files[MOST];
    count -= 2;
    for (int i = 0; i < count; i++) {
        files[i] = (struct pollfd){.fd = device(names[i + 2]), .events = POLLIN};
        if (files[i].fd < 0) return perror(names[i + 2]), 74;
    }
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    unsigned first = 0, last = 0;
    for (;;) {
        while (first != last && ring[first % SLOTS].due <= now()) {
            /* A packet that does not go through is lost, as on any network. */
            if (write(files[ring[first % SLOTS].target].fd, ring[first % SLOTS].bytes, (size_t)ring[first % SLOTS].length) < 0) {}
            first++;
        }
        int64_t left = first == last ? 1000000000 : ring[first % SLOTS].due - now();
        if (left > 0) ppoll(files, (nfds_t)count, &(struct timespec){left / 1000000000, left % 1000000000}, NULL);
        for (int i = 0; i < count; i++) {
            while (last - first < SLOTS) {
                unsigned char *bytes = ring[last % SLOTS].bytes;
                long length = read(files[i].fd, bytes, LARGEST);
                if (length < 20) break;
                /* The last byte of the packet's target tells whose it is. */
                int target = bytes[19] - 1;
                if (bytes[0] >> 4 != 4 || target < 0 || target >= count) continue;
                ring[last % SLOTS].due = now() + delay;
                ring[last % SLOTS].length = (int)length;
                ring[last++ % SLOTS].target = target;
            }
        }
    }
}

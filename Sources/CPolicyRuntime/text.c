/* SPDX-License-Identifier: MIT */

/* The text of the files that exported C source is made of, so that it runs the very code that the runtime
 * runs. Only Swift's build compiles this file. */
#include "CPolicyText.h"

#include <stddef.h>

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

#define TEXT(name) static const char name[]

TEXT(flags) = {
#embed "include/CPolicyFlags.h"
    , 0};
TEXT(network) = {
#embed "include/CPolicyNetwork.h"
    , 0};
TEXT(floats) = {
#embed "floats.h"
    , 0};
TEXT(kernel) = {
#embed "kernel.h"
    , 0};
TEXT(dense) = {
#embed "dense.c"
    , 0};
TEXT(forward) = {
#embed "forward.c"
    , 0};
TEXT(clock) = {
#embed "clock.c"
    , 0};
TEXT(checksum) = {
#embed "checksum.c"
    , 0};

const char *policy_text(policy_text_file file) {
    switch (file) {
    case POLICY_TEXT_FLAGS:
        return flags;
    case POLICY_TEXT_NETWORK:
        return network;
    case POLICY_TEXT_FLOATS:
        return floats;
    case POLICY_TEXT_KERNEL:
        return kernel;
    case POLICY_TEXT_DENSE:
        return dense;
    case POLICY_TEXT_FORWARD:
        return forward;
    case POLICY_TEXT_CLOCK:
        return clock;
    case POLICY_TEXT_CHECKSUM:
        return checksum;
    }
    return NULL;
}

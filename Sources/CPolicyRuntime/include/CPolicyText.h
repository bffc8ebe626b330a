/* SPDX-License-Identifier: MIT */

/* The runtime's own text, for exporting it as C source. Not installed: the runtime needs none of this. */
#ifndef CPOLICYTEXT_H
#define CPOLICYTEXT_H

#include "CPolicyNetwork.h"

/* A file of the runtime. */
typedef enum POLICY_CLOSED policy_text_file {
    POLICY_TEXT_FLAGS = 0,
    POLICY_TEXT_NETWORK = 1,
    POLICY_TEXT_FLOATS = 2,
    POLICY_TEXT_KERNEL = 3,
    POLICY_TEXT_DENSE = 4,
    POLICY_TEXT_FORWARD = 5,
    POLICY_TEXT_CLOCK = 6,
    POLICY_TEXT_CHECKSUM = 7
} policy_text_file;

/* The text of a file of the runtime as it was when this was compiled. */
const char *policy_text(policy_text_file file);

#endif

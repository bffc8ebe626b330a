/* SPDX-License-Identifier: MIT */
#include "CPhysics.h"

const char *phys_status_text(phys_status status) {
    (void)status;
    return "";
}

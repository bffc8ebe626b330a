/* SPDX-License-Identifier: MIT */
/* What the checks of definitions, commands and states share. */
#include "physics_internal.h"

#include <stdarg.h>
#include <stdio.h>

/* Notes the first fault; always false, so that a check can end with it. */
bool phys_refuse(phys_report *report, const char *format, ...) {
    report->status = PHYS_INVALID_DEFINITION;
    if (report->text != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(report->text, PHYS_TEXT_SIZE, format, arguments);
        va_end(arguments);
    }
    return false;
}

bool phys_is_vector(const double *v, int count, double bound) {
    for (int i = 0; i < count; i++)
        if (!(fabs(v[i]) <= bound))
            return false;
    return true;
}

bool phys_is_orientation(const double *q) {
    if (!phys_is_vector(q, 4, 2))
        return false;
    return fabs(sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]) - 1) <= 1e-3;
}

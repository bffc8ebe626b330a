/* SPDX-License-Identifier: MIT */

/* The words for statuses. */
#include "policy_internal.h"

const char *policy_status_text(policy_status status) {
    switch (status) {
    case POLICY_STATUS_OK:
        return "all is well";
    case POLICY_STATUS_NULL_ARGUMENT:
        return "a pointer is null";
    case POLICY_STATUS_TRUNCATED:
        return "the file ends before its header does; it was cut off or is not a policy file";
    case POLICY_STATUS_HEADER:
        return "the header is not that of a tensor file; the file is damaged or is not a policy file";
    case POLICY_STATUS_DUPLICATE:
        return "a tensor or a key stands twice in the header; the file is damaged or forged";
    case POLICY_STATUS_UNKNOWN_TENSOR:
        return "there is a tensor that no policy has; the file is damaged, no policy, or from another "
               "version";
    case POLICY_STATUS_MISSING_TENSOR:
        return "a tensor that a policy needs is absent; the file is damaged, no policy, or from another "
               "version";
    case POLICY_STATUS_TYPE:
        return "a tensor has the wrong number type; weights must be F32";
    case POLICY_STATUS_SHAPE:
        return "the shapes of the tensors do not fit each other or the limits (8 layers, 4096 wide)";
    case POLICY_STATUS_LAYOUT:
        return "the tensors overlap, leave holes or do not end with the file; it was cut off, appended to or "
               "forged";
    case POLICY_STATUS_CHECKSUM:
        return "the checksum does not match; the file is damaged";
    case POLICY_STATUS_NOT_FINITE:
        return "a number is NaN or infinite";
    case POLICY_STATUS_RANGE:
        return "a clip, inverse deviation or control period is not positive, an action is beyond its "
               "range, or a lower limit is above the upper one";
    case POLICY_STATUS_UNSUPPORTED:
        return "this machine is not little-endian with IEEE 754 numbers";
    case POLICY_STATUS_SELF_TEST:
        return "the golden actions are not reproduced; the file or this build of the runtime is wrong";
    }
    return "unknown status";
}

// SPDX-License-Identifier: MIT
#include "kernel_table.h"
#if defined(__x86_64__)
// Not written yet: the portable kernels under this name.
static KernelTable renamed() {
    KernelTable t = kernels_portable;
    t.isa = KERN_ISA_AVX512;
    return t;
}
const KernelTable kernels_avx512 = renamed();
#endif

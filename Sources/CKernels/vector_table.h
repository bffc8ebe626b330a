/* SPDX-License-Identifier: MIT */
/* Everything that an isa_*.cpp includes once it has defined its vectors; KERN_TABLE(isa) is its table of
 * kernels. */
constexpr ptrdiff_t minimum(ptrdiff_t a, ptrdiff_t b) {
    return a < b ? a : b;
}

// clang-format off: the order matters
#include "vector_math.h"
#include "vector_elementwise.h"
#include "vector_normal.h"
#include "vector_gaussian.h"
#include "vector_norm.h"
#include "vector_product.h"
#include "vector_sparse.h"
#include "vector_linear.h"
#include "vector_gated.h"
#include "vector_peak.h"
// clang-format on

#define KERN_TABLE(isa)                                                                                      \
    {isa,                                                                                                    \
     linear_forward,                                                                                         \
     linear_backward_input,                                                                                  \
     linear_backward_weights,                                                                                \
     gated_backward_input,                                                                                   \
     gated_backward_weights,                                                                                 \
     adam,                                                                                                   \
     adam_polyak,                                                                                            \
     polyak,                                                                                                 \
     map<v_tanh>,                                                                                            \
     map<v_exp>,                                                                                             \
     map<v_log>,                                                                                             \
     map<v_softplus>,                                                                                        \
     normal,                                                                                                 \
     squashed_gaussian_forward,                                                                              \
     squashed_gaussian_backward,                                                                             \
     layer_norm_forward,                                                                                     \
     layer_norm_backward,                                                                                    \
     fma_peak}

// SPDX-License-Identifier: MIT
// Linear equations in double precision, through Eigen: what exact solutions of small decision processes need.
#include "CKernels.h"
#define EIGEN_NO_DEBUG // an assertion of Eigen would end the process
#include <Eigen/LU>
#include <limits>
#include <new>

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

kern_solve_status solve(double *a, const double *b, double *x, int32_t count) {
    Eigen::Map<Matrix> matrix(a, count, count);
    if (!matrix.allFinite()) {
        return KERN_SOLVE_SINGULAR;
    }
    const Eigen::PartialPivLU<Eigen::Ref<Matrix>> factors(matrix);
    // The reciprocal of the condition number: NaN where a pivot is 0.
    if (!(factors.rcond() > std::numeric_limits<double>::epsilon())) {
        return KERN_SOLVE_SINGULAR;
    }
    const Vector solution = factors.solve(Eigen::Map<const Vector>(b, count));
    Eigen::Map<Vector>(x, count) = solution;
    return KERN_SOLVE_OK;
}

} // namespace

extern "C" kern_solve_status kern_solve(double *a, const double *b, double *x, int32_t count) {
    if (count < 1) {
        return KERN_SOLVE_OK;
    }
    try {
        return solve(a, b, x, count);
    } catch (const std::bad_alloc &) {
        return KERN_SOLVE_NO_MEMORY;
    }
}

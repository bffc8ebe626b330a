// SPDX-License-Identifier: MIT
#include "CKernels.h"
#include <Eigen/Core>

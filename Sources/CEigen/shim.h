/* SPDX-License-Identifier: MIT */
/* Only the include path of Eigen (pkg-config eigen3) is taken from this module; C++ sources include <Eigen/Core>. */

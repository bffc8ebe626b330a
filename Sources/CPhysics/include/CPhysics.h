/* SPDX-License-Identifier: MIT */
#ifndef CPHYSICS_H
#define CPHYSICS_H
#endif

/* SPDX-License-Identifier: MIT */
#ifndef CPOLICYRUNTIME_H
#define CPOLICYRUNTIME_H
#endif

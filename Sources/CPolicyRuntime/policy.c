// SPDX-License-Identifier: MIT
#include "CPolicyRuntime.h"

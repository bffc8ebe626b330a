// SPDX-License-Identifier: MIT
#include "CPhysics.h"

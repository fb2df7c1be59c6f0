// What the variants include before they switch to their instruction set.
#pragma once
#define _GNU_SOURCE
#include <math.h>
#include <string.h>

#include "shuffles.h"
#include "special.h"
#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

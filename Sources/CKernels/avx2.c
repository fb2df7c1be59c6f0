#if defined(__x86_64__)
#include "prelude.h"

#define TABLE dg_table_avx2
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#define TILE_VECTORS 2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "variant.inc"
#pragma clang attribute pop
#endif

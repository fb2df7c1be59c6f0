#if defined(__x86_64__)
#include "prelude.h"

#define TABLE dg_table_avx512
#define VECTOR_BYTES 64
#define TILE_ROWS 8
#define TILE_VECTORS 3
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,avx512bw"))), apply_to = function)
#include "variant.inc"
#pragma clang attribute pop
#endif

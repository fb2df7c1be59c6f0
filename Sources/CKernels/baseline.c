// What every processor of the architecture has: SSE2, or NEON with its 32 registers.
#include "prelude.h"

#define TABLE dg_table_baseline
#define VECTOR_BYTES 16
#define TILE_VECTORS 2
#if defined(__aarch64__)
#define TILE_ROWS 8
#else
#define TILE_ROWS 4
#endif
#include "variant.inc"

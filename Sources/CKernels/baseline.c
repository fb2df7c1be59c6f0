#define _GNU_SOURCE
#include "table.h"
#include "special.h"
#include <math.h>

static void philox(uint64_t key, uint64_t counter, uint32_t out[4]) {
  uint32_t c[4] = {(uint32_t)counter, (uint32_t)(counter >> 32), 0, 0}, k[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
  for (int r = 0; r < 10; r++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c[1] ^ k[0], n2 = (uint32_t)(p0 >> 32) ^ c[3] ^ k[1];
    c[0] = n0; c[1] = (uint32_t)p1; c[2] = n2; c[3] = (uint32_t)p0;
    k[0] += 0x9E3779B9u; k[1] += 0xBB67AE85u;
  }
  for (int i = 0; i < 4; i++) out[i] = c[i];
}
static void bits(uint64_t key, uint64_t counter, uint32_t *y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i += 4, counter++) { uint32_t b[4]; philox(key, counter, b); for (ptrdiff_t q = 0; q < 4 && i + q < n; q++) y[i + q] = b[q]; }
}
#define T float
#define F(name) name##_f32
#include "simple.inc"
#undef T
#undef F
#define T double
#define F(name) name##_f64
#include "simple.inc"
#undef T
#undef F
const dg_table dg_table_baseline = {
#define DG_ENTRY(S, result, name, parameters, arguments) .name##_##S = name##_##S,
    DG_KERNELS(DG_ENTRY)
    .bits = bits,
};

// The public functions: each is a jump through the table of the instruction set in use.
#include "table.h"

#include <stdatomic.h>

static const dg_table *const tables[] = {
    &dg_table_baseline,
#if defined(__x86_64__)
    &dg_table_avx2,
    &dg_table_avx512,
#endif
};

// -1 until the first use.
static _Atomic int current = -1;

int dg_isa_best(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
               ? 2
               : 1;
  }
#endif
  return 0;
}

const char *dg_isa_name(int isa) {
  switch (isa) {
    case 0: return "baseline";
    case 1: return "avx2";
    case 2: return "avx512";
    default: return "unknown";
  }
}

int dg_isa_use(int isa) {
  int best = dg_isa_best();
  int taken = isa < 0 ? 0 : isa > best ? best : isa;
  atomic_store_explicit(&current, taken, memory_order_relaxed);
  return taken;
}

int dg_isa_current(void) {
  int isa = atomic_load_explicit(&current, memory_order_relaxed);
  return isa >= 0 ? isa : dg_isa_use(dg_isa_best());
}

#define DG_PUBLIC(S, result, name, parameters, arguments) \
  result dg_##name##_##S parameters { return tables[dg_isa_current()]->name##_##S arguments; }
DG_KERNELS(DG_PUBLIC)
#undef DG_PUBLIC

void dg_bits(uint64_t key, uint64_t counter, uint32_t *y, ptrdiff_t n) {
  tables[dg_isa_current()]->bits(key, counter, y, n);
}

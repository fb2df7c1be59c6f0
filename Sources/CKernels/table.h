// What each instruction set provides: the table of kernels through which kernels.c dispatches.
#pragma once
#include "CKernels.h"

// Each kernel that is compiled once per instruction set and type: K(S, result, name, parameters, arguments).
#define DG_TYPED_KERNELS(K, T, S)                                                                           \
  K(S, void, map, (dg_unary op, const T *x, T *y, ptrdiff_t n), (op, x, y, n))                              \
  K(S, void, zip, (dg_binary op, const T *a, int sa, const T *b, int sb, T *y, ptrdiff_t n),                \
    (op, a, sa, b, sb, y, n))                                                                               \
  K(S, void, compare, (dg_compare op, const T *a, int sa, const T *b, int sb, uint8_t *y, ptrdiff_t n),     \
    (op, a, sa, b, sb, y, n))                                                                               \
  K(S, void, select,                                                                                        \
    (const uint8_t *mask, int sm, const T *a, int sa, const T *b, int sb, T *y, ptrdiff_t n),               \
    (mask, sm, a, sa, b, sb, y, n))                                                                         \
  K(S, void, axpy, (T alpha, const T *x, T *y, ptrdiff_t n), (alpha, x, y, n))                              \
  K(S, void, add_into, (const T *x, T *y, ptrdiff_t n), (x, y, n))                                          \
  K(S, void, fill, (T value, T *y, ptrdiff_t n), (value, y, n))                                             \
  K(S, void, scale, (T alpha, T *y, ptrdiff_t n), (alpha, y, n))                                            \
  K(S, void, clamp, (const T *x, T lo, T hi, T *y, ptrdiff_t n), (x, lo, hi, y, n))                         \
  K(S, void, affine, (const T *x, T scale, T shift, T *y, ptrdiff_t n), (x, scale, shift, y, n))            \
  K(S, void, rectify, (const T *g, const T *x, T slope, T *y, ptrdiff_t n), (g, x, slope, y, n))            \
  K(S, void, reduce, (dg_reduce op, const T *x, T *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner),       \
    (op, x, y, outer, n, inner))                                                                            \
  K(S, void, logsumexp, (const T *x, T *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner),                  \
    (x, y, outer, n, inner))                                                                                \
  K(S, void, argmax, (const T *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner),               \
    (x, y, outer, n, inner))                                                                                \
  K(S, void, argmin, (const T *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner),               \
    (x, y, outer, n, inner))                                                                                \
  K(S, void, cumsum, (const T *x, T *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner),                     \
    (x, y, outer, n, inner))                                                                                \
  K(S, void, min_max, (const T *x, ptrdiff_t n, T *lo, T *hi), (x, n, lo, hi))                              \
  K(S, ptrdiff_t, count_nonfinite, (const T *x, ptrdiff_t n), (x, n))                                       \
  K(S, void, transpose, (const T *x, T *y, ptrdiff_t rows, ptrdiff_t cols), (x, y, rows, cols))             \
  K(S, void, gemm, (const dg_gemm_job_##S *job, void *workspace), (job, workspace))                         \
  K(S, ptrdiff_t, gemm_workspace, (void), ())                                                               \
  K(S, void, gemm_tile, (int *rows, int *cols), (rows, cols))                                               \
  K(S, void, spread, (const void *x, void *y, ptrdiff_t planes, const dg_spread *s), (x, y, planes, s))     \
  K(S, void, weave, (const void *x, void *y, const dg_weave *s), (x, y, s))                                 \
  K(S, void, pack_weights,                                                                                  \
    (const void *w, ptrdiff_t row, const ptrdiff_t *columns, ptrdiff_t m, ptrdiff_t k, void *out),          \
    (w, row, columns, m, k, out))                                                                           \
  K(S, void, pack_taps,                                                                                     \
    (const void *w, const dg_taps *s, ptrdiff_t first, ptrdiff_t count, void *out),                         \
    (w, s, first, count, out))                                                                              \
  K(S, void, conv_product, (const dg_conv_job *job, void *workspace), (job, workspace))                     \
  K(S, void, conv_panels, (const void *y, ptrdiff_t outputs, ptrdiff_t places, void *panels),               \
    (y, outputs, places, panels))                                                                           \
  K(S, void, conv_weights, (const dg_conv_weights_job *job), (job))                                         \
  K(S, void, transpose_block,                                                                               \
    (const void *x, ptrdiff_t x_row, void *y, ptrdiff_t y_row, ptrdiff_t rows, ptrdiff_t columns),          \
    (x, x_row, y, y_row, rows, columns))                                                                    \
  K(S, void, batch_norm, (const dg_batch_norm_job *job, ptrdiff_t first, ptrdiff_t count),                  \
    (job, first, count))                                                                                    \
  K(S, void, batch_norm_gradient,                                                                           \
    (const dg_batch_norm_gradient_job *job, ptrdiff_t first, ptrdiff_t count), (job, first, count))         \
  K(S, void, adam, (T *p, const T *g, T *m, T *v, ptrdiff_t n, const dg_adam_step *step),                   \
    (p, g, m, v, n, step))                                                                                  \
  K(S, void, sgd, (T *p, const T *g, T *buffer, ptrdiff_t n, const dg_sgd_step *step),                      \
    (p, g, buffer, n, step))                                                                                \
  K(S, void, uniform, (uint64_t key, uint64_t counter, T *y, ptrdiff_t n), (key, counter, y, n))            \
  K(S, void, normal, (uint64_t key, uint64_t counter, T *y, ptrdiff_t n), (key, counter, y, n))

#define DG_KERNELS(K)            \
  DG_TYPED_KERNELS(K, float, f32) \
  DG_TYPED_KERNELS(K, double, f64)

typedef struct {
#define DG_MEMBER(S, result, name, parameters, arguments) result(*name##_##S) parameters;
  DG_KERNELS(DG_MEMBER)
#undef DG_MEMBER
  void (*bits)(uint64_t key, uint64_t counter, uint32_t *y, ptrdiff_t n);
} dg_table;

extern const dg_table dg_table_baseline;
#if defined(__x86_64__)
extern const dg_table dg_table_avx2, dg_table_avx512;
#endif

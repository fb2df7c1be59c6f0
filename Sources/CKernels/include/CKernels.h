// The C that computes: everything below works on memory that the caller owns.
//
// Absent on purpose: allocation, threads, shapes. A caller that uses several threads hands each a fixed
// chunk; no result depends on where the chunks begin, except where a comment says so.
// Each function exists for float and for double; sizes and strides count elements, `n` may be 0.
#pragma once
#include <stddef.h>
#include <stdint.h>

// ------------------------------------------------------------------------------------------ instruction sets

// The best variant that this processor runs: 0 baseline (SSE2, NEON), 1 AVX2 with FMA, 2 AVX-512.
int dg_isa_best(void);
const char *dg_isa_name(int isa);
// Fixes the variant that all later calls use; returns the one taken, which is never above the best.
int dg_isa_use(int isa);
int dg_isa_current(void);

// ------------------------------------------------------------------------------------------------ elementwise

typedef enum {
  DG_NEG, DG_ABS, DG_EXP, DG_EXPM1, DG_LOG, DG_LOG1P, DG_SQRT, DG_RSQRT, DG_SQUARE, DG_RECIPROCAL,
  DG_SIN, DG_COS, DG_TAN, DG_SINH, DG_COSH, DG_TANH, DG_SIGMOID, DG_LOGSIGMOID, DG_SOFTPLUS, DG_RELU,
  DG_SILU, DG_ERF, DG_ERFC, DG_ERFINV, DG_LGAMMA, DG_DIGAMMA, DG_TRIGAMMA,
  DG_ROUND,  // half to even
  DG_FLOOR, DG_CEIL,
  DG_SIGN,  // -1, 0 or 1
  DG_STEP,  // 1 where x > 0, else 0
  DG_ASIN, DG_ACOS, DG_ATAN,
  DG_NORMAL_CDF,   // accurate relative to the value in the lower tail
  DG_NORMAL_ICDF,  // -inf at 0, inf at 1, NaN outside [0, 1]
} dg_unary;

// y = op(x); x == y is allowed.
void dg_map_f32(dg_unary op, const float *x, float *y, ptrdiff_t n);
void dg_map_f64(dg_unary op, const double *x, double *y, ptrdiff_t n);

typedef enum {
  DG_ADD, DG_SUB, DG_MUL, DG_DIV, DG_POW,
  DG_MAX, DG_MIN,  // NaN if either is
  DG_MOD,          // the divisor's sign, as in Python
  DG_FLOORDIV, DG_ATAN2,
  DG_BCE_LOGITS,    // softplus(a) - a * b
  DG_SIGMOID_SUB,   // sigmoid(a) - b
  DG_BCE,           // -b log(a) - (1 - b) log(1 - a), each log at least -100
  DG_BCE_SLOPE,     // its slope along a, (a - b) / (a (1 - a)) with a denominator of at least 1e-12
  DG_MUL_STEP,      // a where b > 0, else 0: relu's pullback
  DG_TANH_GRAD,     // a * (1 - b * b): tanh's pullback from its output b
  DG_SIGMOID_GRAD,  // a * b * (1 - b): sigmoid's pullback from its output b
  DG_SQUARED_DIFF,  // (a - b)^2
} dg_binary;

// y = op(a, b); a stride of 0 repeats one number. y may be a or b where that one's stride is 1.
void dg_zip_f32(dg_binary op, const float *a, int sa, const float *b, int sb, float *y, ptrdiff_t n);
void dg_zip_f64(dg_binary op, const double *a, int sa, const double *b, int sb, double *y, ptrdiff_t n);

typedef enum { DG_EQ, DG_NE, DG_LT, DG_LE, DG_GT, DG_GE } dg_compare;

// y = a op b as 0 or 1; strides 0 or 1.
void dg_compare_f32(dg_compare op, const float *a, int sa, const float *b, int sb, uint8_t *y, ptrdiff_t n);
void dg_compare_f64(dg_compare op, const double *a, int sa, const double *b, int sb, uint8_t *y, ptrdiff_t n);
// y = mask ? a : b; strides 0 or 1.
void dg_select_f32(const uint8_t *mask, int sm, const float *a, int sa, const float *b, int sb, float *y,
                   ptrdiff_t n);
void dg_select_f64(const uint8_t *mask, int sm, const double *a, int sa, const double *b, int sb, double *y,
                   ptrdiff_t n);

// y += alpha x
void dg_axpy_f32(float alpha, const float *x, float *y, ptrdiff_t n);
void dg_axpy_f64(double alpha, const double *x, double *y, ptrdiff_t n);
// y += x
void dg_add_into_f32(const float *x, float *y, ptrdiff_t n);
void dg_add_into_f64(const double *x, double *y, ptrdiff_t n);
// y = value
void dg_fill_f32(float value, float *y, ptrdiff_t n);
void dg_fill_f64(double value, double *y, ptrdiff_t n);
// y *= alpha
void dg_scale_f32(float alpha, float *y, ptrdiff_t n);
void dg_scale_f64(double alpha, double *y, ptrdiff_t n);
// y = min(max(x, lo), hi); NaN stays NaN; x == y is allowed.
void dg_clamp_f32(const float *x, float lo, float hi, float *y, ptrdiff_t n);
void dg_clamp_f64(const double *x, double lo, double hi, double *y, ptrdiff_t n);
// y = scale x + shift; x == y is allowed.
void dg_affine_f32(const float *x, float scale, float shift, float *y, ptrdiff_t n);
void dg_affine_f64(const double *x, double scale, double shift, double *y, ptrdiff_t n);
// y = g where x > 0, else slope g: leaky relu where g is x, and its pullback; y may be g or x.
void dg_rectify_f32(const float *g, const float *x, float slope, float *y, ptrdiff_t n);
void dg_rectify_f64(const double *g, const double *x, double slope, double *y, ptrdiff_t n);

// ------------------------------------------------------------------------------------------------- reductions
// The input is [outer, n, inner], row-major, and the output [outer, inner]. The order of additions depends
// on n and on whether inner is 1, not on outer or on the chunk of a larger tensor that outer is.

typedef enum { DG_SUM, DG_PROD, DG_MAXIMUM, DG_MINIMUM } dg_reduce;

// n = 0 gives 0, 1, -inf and inf; NaN wins in DG_MAXIMUM and DG_MINIMUM.
void dg_reduce_f32(dg_reduce op, const float *x, float *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_reduce_f64(dg_reduce op, const double *x, double *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
// Shifted by the maximum; all -inf (or n = 0) gives -inf, an inf gives inf, a NaN NaN.
void dg_logsumexp_f32(const float *x, float *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_logsumexp_f64(const double *x, double *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
// The index of the first greatest (least) element; the first NaN counts as such. Needs n > 0.
void dg_argmax_f32(const float *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_argmax_f64(const double *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_argmin_f32(const float *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_argmin_f64(const double *x, int64_t *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
// Running sums along n; y has x's shape; x == y is allowed.
void dg_cumsum_f32(const float *x, float *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
void dg_cumsum_f64(const double *x, double *y, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner);
// The least and greatest of the numbers that are not NaN; inf and -inf if there are none.
void dg_min_max_f32(const float *x, ptrdiff_t n, float *lo, float *hi);
void dg_min_max_f64(const double *x, ptrdiff_t n, double *lo, double *hi);
ptrdiff_t dg_count_nonfinite_f32(const float *x, ptrdiff_t n);
ptrdiff_t dg_count_nonfinite_f64(const double *x, ptrdiff_t n);

// --------------------------------------------------------------------------------------------------- matrices

// y [cols, rows] = transpose of x [rows, cols]; x and y must not overlap.
void dg_transpose_f32(const float *x, float *y, ptrdiff_t rows, ptrdiff_t cols);
void dg_transpose_f64(const double *x, double *y, ptrdiff_t rows, ptrdiff_t cols);

// C [m, n] = A [m, k] B [k, n], A(i, p) = a[i * a_row + p * a_col] and B likewise; C's rows are contiguous.
// accumulate: C is added to; bias [n] (or NULL) is added to each row; with rectify, values below 0 are
// multiplied by slope in the end.
// The bits of an element of C depend on its row of A, its column of B, k and whole_n only: m and n may be split.
typedef struct {
  ptrdiff_t m, n, k;
  const float *a;
  ptrdiff_t a_row, a_col;
  const float *b;
  ptrdiff_t b_row, b_col;
  float *c;
  ptrdiff_t c_row;
  int accumulate;
  const float *bias;
  int rectify;
  float slope;
  ptrdiff_t whole_n;  // how many columns that product has of which this is a part; 0 where it is n
} dg_gemm_job_f32;

typedef struct {
  ptrdiff_t m, n, k;
  const double *a;
  ptrdiff_t a_row, a_col;
  const double *b;
  ptrdiff_t b_row, b_col;
  double *c;
  ptrdiff_t c_row;
  int accumulate;
  const double *bias;
  int rectify;
  double slope;
  ptrdiff_t whole_n;  // how many columns that product has of which this is a part; 0 where it is n
} dg_gemm_job_f64;

// Bytes of workspace that one call needs, whatever its size; 64-byte aligned memory, one per thread.
ptrdiff_t dg_gemm_workspace_f32(void);
ptrdiff_t dg_gemm_workspace_f64(void);
void dg_gemm_f32(const dg_gemm_job_f32 *job, void *workspace);
void dg_gemm_f64(const dg_gemm_job_f64 *job, void *workspace);
// The register tile: chunks of m and n that are multiples of it waste nothing.
void dg_gemm_tile_f32(int *rows, int *cols);
void dg_gemm_tile_f64(int *rows, int *cols);

// ----------------------------------------------------------------------------------------------- convolutions
// A convolution is a product of its weights with the matrix of its windows: a row for each tap (channel, kh, kw),
// a column for each place of a grid of results. That matrix is read from the image. Pointers are to float or
// double by the function's name, and every distance counts elements.

// An image padded with zeros and split by the phases of a stride, in each of which a stride is one element:
// y [planes, phases_h, phases_w, rows, columns], y(h, w, i, j) = x(i * stride_h + residues_h[h] - pad_h, ..) or 0
// outside; where the pads are negative the first pixels are left out.
typedef struct {
  ptrdiff_t height, width;  // of the image
  ptrdiff_t stride_h, stride_w, pad_h, pad_w;
  ptrdiff_t phases_h, phases_w;
  const ptrdiff_t *residues_h, *residues_w;  // less than the strides
  ptrdiff_t rows, columns;
} dg_spread;

void dg_spread_f32(const void *x, void *y, ptrdiff_t planes, const dg_spread *s);
void dg_spread_f64(const void *x, void *y, ptrdiff_t planes, const dg_spread *s);

// The other way: lines of results, phase by phase across, as lines of images.
// x: for each phase r, `phase` elements after the one before, [rows, images, lines, (width - r) / stride rounded up];
// y(image, row, line)[i * stride + r] = x(r, row, image, line)[i]. Strides up to 8; any stride where only the first
// phase is to be written (one_phase).
typedef struct {
  ptrdiff_t rows, images, lines, width;
  ptrdiff_t stride, phase;
  int one_phase;
  ptrdiff_t y_image, y_row, y_line;  // from one to the next
} dg_weave;

void dg_weave_f32(const void *x, void *y, const dg_weave *s);
void dg_weave_f64(const void *x, void *y, const dg_weave *s);

// The windows: element (r, place) is source[rows[r] + image * image_number + line * line_number + column].
typedef struct {
  ptrdiff_t count;  // of rows
  const ptrdiff_t *rows;
  ptrdiff_t height, width;  // of the grid
  ptrdiff_t image, line;
  ptrdiff_t limit;  // how many elements the source has
} dg_windows;

// A matrix [m, k] whose element (i, p) is w[i * row + columns[p]], as dg_conv_product reads it: `out` has room
// for k * (m rounded up to the next multiple of the register tile's rows).
void dg_pack_weights_f32(const void *w, ptrdiff_t row, const ptrdiff_t *columns, ptrdiff_t m, ptrdiff_t k,
                         void *out);
void dg_pack_weights_f64(const void *w, ptrdiff_t row, const ptrdiff_t *columns, ptrdiff_t m, ptrdiff_t k,
                         void *out);

// Weights [outputs, rows, taps] with the taps shared out over matrices [rows, outputs * their taps] as
// dg_conv_product reads them. Tap t is one of columns[t] in its matrix (0: in none); starts[t] is where this
// matrix begins plus the tap's number in it times the register tile's rows. Does `count` rows from `first` on.
typedef struct {
  ptrdiff_t outputs, rows, taps;
  const ptrdiff_t *columns, *starts;
} dg_taps;

void dg_pack_taps_f32(const void *w, const dg_taps *s, ptrdiff_t first, ptrdiff_t count, void *out);
void dg_pack_taps_f64(const void *w, const dg_taps *s, ptrdiff_t first, ptrdiff_t count, void *out);

// c [m, columns] = a [m, windows.count] windows + bias, for the first `columns` places; a from dg_pack_weights.
typedef struct {
  ptrdiff_t m, columns;
  const void *a, *source;
  dg_windows windows;
  void *c;
  ptrdiff_t c_row;
  const void *bias;  // [m] or NULL
} dg_conv_job;

// `workspace` is that of the matrix product. The bits of an element do not depend on m and columns.
void dg_conv_product_f32(const dg_conv_job *job, void *workspace);
void dg_conv_product_f64(const dg_conv_job *job, void *workspace);

// y [outputs, places] of one image as the panels that dg_conv_weights reads: `panels` has room for places *
// (outputs rounded up to the next multiple of 16).
void dg_conv_panels_f32(const void *y, ptrdiff_t outputs, ptrdiff_t places, void *panels);
void dg_conv_panels_f64(const void *y, ptrdiff_t outputs, ptrdiff_t places, void *panels);

// c [windows.count, outputs] = windows times y over the lines [first_line, first_line + lines) of all images.
typedef struct {
  ptrdiff_t outputs;
  const void *source, *panels;
  ptrdiff_t panels_image;  // from one image's panels to the next
  dg_windows windows;
  ptrdiff_t first_line, lines;
  void *c;
} dg_conv_weights_job;

void dg_conv_weights_f32(const dg_conv_weights_job *job);
void dg_conv_weights_f64(const dg_conv_weights_job *job);

// y [columns, rows] = transpose of x [rows, columns], within larger matrices of rows x_row and y_row.
void dg_transpose_block_f32(const void *x, ptrdiff_t x_row, void *y, ptrdiff_t y_row, ptrdiff_t rows,
                            ptrdiff_t columns);
void dg_transpose_block_f64(const void *x, ptrdiff_t x_row, void *y, ptrdiff_t y_row, ptrdiff_t rows,
                            ptrdiff_t columns);

// ---------------------------------------------------------------------------------------------- normalisation
// Tensors are [images, channels, inner]; the rest, where it is not NULL, is [channels]. Pointers are to float or
// double by the function's name; a call does `count` channels from `first` on.

// y = (x - mean) / sqrt(variance + eps) * weight + bias with each channel's own moments, which are given back, as
// is scale = 1 / sqrt(variance + eps); the variance is divided by the number of elements.
// Source: Ioffe and Szegedy (2015), algorithm 1.
typedef struct {
  ptrdiff_t images, channels, inner;
  double eps;
  const void *x, *weight, *bias;
  void *y, *mean, *variance, *scale;
} dg_batch_norm_job;

void dg_batch_norm_f32(const dg_batch_norm_job *job, ptrdiff_t first, ptrdiff_t count);
void dg_batch_norm_f64(const dg_batch_norm_job *job, ptrdiff_t first, ptrdiff_t count);

// From g, the gradient with respect to y, those with respect to x (or NULL), weight and bias.
typedef struct {
  ptrdiff_t images, channels, inner;
  const void *g, *x, *weight, *mean, *scale;
  void *gradient, *weight_gradient, *bias;
} dg_batch_norm_gradient_job;

void dg_batch_norm_gradient_f32(const dg_batch_norm_gradient_job *job, ptrdiff_t first, ptrdiff_t count);
void dg_batch_norm_gradient_f64(const dg_batch_norm_gradient_job *job, ptrdiff_t first, ptrdiff_t count);

// ------------------------------------------------------------------------------------------------- optimisers

// bias1 = 1 - beta1^t, bias2 = 1 - beta2^t at step t.
typedef struct {
  double lr, beta1, beta2, eps, weight_decay, bias1, bias2;
} dg_adam_step;

// p -= lr / bias1 * m / (sqrt(v) / sqrt(bias2) + eps); m, v updated first; weight_decay p is added to g.
// Source: Kingma and Ba (2015), Algorithm 1, in the arrangement of torch.optim.Adam.
void dg_adam_f32(float *p, const float *g, float *m, float *v, ptrdiff_t n, const dg_adam_step *step);
void dg_adam_f64(double *p, const double *g, double *m, double *v, ptrdiff_t n, const dg_adam_step *step);

typedef struct {
  double lr, momentum, dampening, weight_decay;
  int nesterov;
  int first;  // the first step sets the buffer to the gradient
} dg_sgd_step;

// The formula of torch.optim.SGD; buffer may be NULL where momentum is 0.
void dg_sgd_f32(float *p, const float *g, float *buffer, ptrdiff_t n, const dg_sgd_step *step);
void dg_sgd_f64(double *p, const double *g, double *buffer, ptrdiff_t n, const dg_sgd_step *step);

// ------------------------------------------------------------------------------------------------- randomness
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
// Block b is the cipher of the 128-bit counter b (upper half 0) under the key: 128 bits, four 32-bit words.
// n numbers consume (n + 3) / 4 blocks (dg_bits, f32) or (n + 1) / 2 (f64), beginning at `counter`; element i
// depends on block counter + i / 4 (or + i / 2) only. The same bits on every processor and instruction set.

void dg_bits(uint64_t key, uint64_t counter, uint32_t *y, ptrdiff_t n);
// Uniform in [0, 1): 24 bits in a float, 53 in a double.
void dg_uniform_f32(uint64_t key, uint64_t counter, float *y, ptrdiff_t n);
void dg_uniform_f64(uint64_t key, uint64_t counter, double *y, ptrdiff_t n);
// Standard normal, by Box and Muller (1958).
void dg_normal_f32(uint64_t key, uint64_t counter, float *y, ptrdiff_t n);
void dg_normal_f64(uint64_t key, uint64_t counter, double *y, ptrdiff_t n);

// ------------------------------------------------------------------------------------------------------- work
// A count for each thread of what it has computed, in numbers, and how far it may go; kept by the caller.

static inline void dg_work_add(int64_t n) {
  extern _Thread_local int64_t dg_work;
  dg_work += n;
}
static inline int64_t dg_work_done(void) {
  extern _Thread_local int64_t dg_work;
  return dg_work;
}
static inline int64_t dg_work_end(void) {
  extern _Thread_local int64_t dg_work_limit;
  return dg_work_limit;
}
static inline void dg_work_set_end(int64_t end) {
  extern _Thread_local int64_t dg_work_limit;
  dg_work_limit = end;
}

// ---------------------------------------------------------------------------------------------------- threads

// Sleeps while *word == expected, until woken; may return early. `word` is 32 bits, aligned.
void dg_futex_wait(const void *word, uint32_t expected);
// Wakes everyone who waits on the word.
void dg_futex_wake(void *word);
// A hint to the processor inside a spinning loop.
void dg_pause(void);
// CPUs that this process may run on.
int dg_cpu_count(void);
// Lets malloc keep freed blocks of up to so many bytes (160 at most) on lists of their own.
void dg_heap_keep_small(int bytes);
// Pins the calling thread to the index-th (modulo their number) of those CPUs; 0 on success.
int dg_pin_to_cpu(int index);
// Seconds of the monotonic clock.
double dg_now(void);

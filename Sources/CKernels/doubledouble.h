#pragma once
#include <math.h>

// A number as the unevaluated sum of two: twice the digits of a double, for the few places where equals cancel.
//
// Source: Dekker (1971), "A floating-point technique for extending the available precision"; Hida, Li and
// Bailey (2001), "Algorithms for quad-double precision floating point arithmetic".
typedef struct {
  double hi, lo;
} dd;

// The sum where |a| >= |b|, exactly.
static inline dd dd_ordered_sum(double a, double b) {
  double s = a + b;
  return (dd){s, b - (s - a)};
}

// The sum, exactly.
static inline dd dd_sum(double a, double b) {
  double s = a + b, t = s - a;
  return (dd){s, (a - (s - t)) + (b - t)};
}

static inline dd dd_add(dd a, dd b) {
  dd s = dd_sum(a.hi, b.hi), t = dd_sum(a.lo, b.lo);
  s = dd_ordered_sum(s.hi, s.lo + t.hi);
  return dd_ordered_sum(s.hi, s.lo + t.lo);
}

static inline dd dd_scale(dd a, double b) {
  double p = a.hi * b;
  return dd_ordered_sum(p, fma(a.hi, b, -p) + a.lo * b);
}

static inline dd dd_mul(dd a, dd b) {
  double p = a.hi * b.hi;
  return dd_ordered_sum(p, fma(a.hi, b.hi, -p) + (a.hi * b.lo + a.lo * b.hi));
}

static inline dd dd_div(dd a, dd b) {
  double first = a.hi / b.hi;
  dd rest = dd_add(a, dd_scale(b, -first));
  double second = rest.hi / b.hi;
  rest = dd_add(rest, dd_scale(b, -second));
  return dd_add(dd_ordered_sum(first, second), (dd){rest.hi / b.hi, 0});
}

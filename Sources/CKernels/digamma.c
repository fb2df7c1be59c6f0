#include "doubledouble.h"
#include "special.h"

static const double pi = 3.14159265358979323846;

// sum of c[i] x^i
static double polynomial(const double *c, int count, double x) {
  double y = c[count - 1];
  for (int i = count - 2; i >= 0; i--) y = y * x + c[i];
  return y;
}

// Around its positive root, where all else would leave the difference of equals: the Taylor series,
// with the root in two parts. The coefficients are psi^(k)(root) / k!, from mpmath 1.3 at 60 digits.
static double near_positive_root(double x) {
  static const double c[] = {
      0.9676722454476212, -0.44276316898359208, 0.25849976095565103, -0.16394270544240652,
      0.10782405069126237, -0.072199561256454714, 0.04880428816414311, -0.033161126474847362,
      0.022597648232218104, -0.01542476590494896, 0.010538791616612175, -0.0072045343863568687,
      0.0049267813957298533, -0.0033698016554393282, 0.002305126326734928, -0.0015769367714301972,
      0.0010788252019162967, -0.00073807093899600515, 0.00050495326583460199,
      -0.00034546802510630769};
  double t = (x - 1.4616321449683622) - 9.549995429965697e-17;
  return t * polynomial(c, 20, t);
}

// log(x) = e log(2) + 2 artanh((m - 1) / (m + 1)) for x = m 2^e.
static dd dd_log(dd x) {
  int e;
  double m = frexp(x.hi, &e);
  if (m < 0.70710678118654752) e--;
  dd scaled = {ldexp(x.hi, -e), ldexp(x.lo, -e)}, one = {1, 0};
  dd s = dd_div(dd_add(scaled, (dd){-1, 0}), dd_add(scaled, one)), square = dd_mul(s, s);
  dd sum = {0, 0};
  // |s| <= 0.172, whose 44th power is below 2^-106.
  for (int k = 43; k >= 1; k -= 2) sum = dd_add(dd_mul(sum, square), dd_div(one, (dd){k, 0}));
  dd log_2 = {0.69314718055994531, 2.3190468138462996e-17};
  return dd_add(dd_scale(log_2, e), dd_scale(dd_mul(s, sum), 2));
}

// pi / tan(pi f) for |f| <= 1/2, by the sine and cosine of an eighth of the angle, doubled three times.
static dd dd_pi_cotangent(double f) {
  dd pi = {3.141592653589793, 1.2246467991473532e-16};
  dd a = dd_scale(pi, f / 8), square = dd_scale(dd_mul(a, a), -1);
  dd sine = {0, 0}, cosine = {0, 0}, one = {1, 0};
  for (int k = 24; k >= 0; k -= 2) {
    cosine = dd_add(one, dd_div(dd_mul(square, cosine), (dd){(k + 1) * (k + 2), 0}));
    sine = dd_add(one, dd_div(dd_mul(square, sine), (dd){(k + 2) * (k + 3), 0}));
  }
  sine = dd_mul(sine, a);
  for (int i = 0; i < 3; i++) {
    dd twice = dd_scale(dd_mul(sine, cosine), 2);
    cosine = dd_add(one, dd_scale(dd_mul(sine, sine), -2));
    sine = twice;
  }
  return dd_mul(pi, dd_div(cosine, sine));
}

// Near a root, where the terms cancel: with twice the digits.
static double precise(double x) {
  // B_2k / 2k.
  static const double top[] = {1,  -1, 1,     -1,     1,      -691,    1,
                               -3617, 43867, -174611, 77683, -236364091, 657931};
  static const double bottom[] = {12,   120,   252,  240, 132,   32760, 12,
                                  8160, 14364, 6600, 276, 65520, 12};
  dd y = x < 0 ? dd_sum(1, -x) : (dd){x, 0}, one = {1, 0}, shift = {0, 0}, series = {0, 0};
  for (; y.hi < 32; y = dd_add(y, one)) shift = dd_add(shift, dd_div(one, y));
  dd inverse = dd_div(one, y), square = dd_mul(inverse, inverse);
  for (int k = 12; k >= 0; k--)
    series = dd_mul(square, dd_add(series, dd_div((dd){top[k], 0}, (dd){bottom[k], 0})));
  dd known = dd_add(dd_scale(inverse, 0.5), dd_add(series, shift));
  if (x < 0) known = dd_add(known, dd_pi_cotangent(x - nearbyint(x)));
  dd result = dd_add(dd_log(y), dd_scale(known, -1));
  return result.hi + result.lo;
}

// Reflection to x > 0, recurrence to x >= 10, then the asymptotic series.
// Source: Abramowitz and Stegun 6.3.7, 6.3.5, 6.3.18.
double dg_digamma(double x) {
  if (x == -INFINITY || (x < 0 && x == floor(x))) return NAN;
  if (x == 0) return copysign(INFINITY, -x);
  if (x < 0) {
    // The distance to the nearest integer is exact, that to the one below is not.
    double rest = dg_digamma(1 - x), y = rest - pi / tan(pi * (x - nearbyint(x)));
    return fabs(y) < fmax(1, 0.5 * fabs(rest)) ? precise(x) : y;
  }
  if (x == INFINITY) return x;
  if (fabs(x - 1.46) < 0.2) return near_positive_root(x);
  dd shift = {0, 0};
  double z = x;
  for (; z < 10; z += 1) {
    dd sum = dd_sum(shift.hi, 1 / z);
    shift = (dd){sum.hi, shift.lo + sum.lo};
  }
  static const double c[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                             1.0 / 132, -691.0 / 32760, 1.0 / 12};
  double square = 1 / (z * z);
  dd main = dd_sum(log(z), -shift.hi);
  double y = main.hi + (main.lo - shift.lo - 0.5 / z - square * polynomial(c, 7, square));
  return fabs(y) < 0.4 ? precise(x) : y;
}

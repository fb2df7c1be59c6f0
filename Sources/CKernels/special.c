#define _GNU_SOURCE
#include "special.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

// The reentrant form: lgamma itself writes the sign to a global.
double dg_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// sum of c[i] x^i
static double polynomial(const double *c, int count, double x) {
  double y = c[count - 1];
  for (int i = count - 2; i >= 0; i--) y = y * x + c[i];
  return y;
}

// Source: Abramowitz and Stegun 6.4.7, 6.4.6, 6.4.12.
double dg_trigamma(double x) {
  if (x == -INFINITY) return NAN;
  if (x <= 0 && x == floor(x)) return INFINITY;
  if (x < 0) {
    double s = sin(pi * (x - nearbyint(x)));
    return pi * pi / (s * s) - dg_trigamma(1 - x);
  }
  if (x == INFINITY) return 0;
  double shift = 0;
  for (; x < 10; x += 1) shift += 1 / (x * x);
  static const double c[] = {1.0 / 6,  -1.0 / 30,      1.0 / 42, -1.0 / 30,
                             5.0 / 66, -691.0 / 2730, 7.0 / 6};
  double z = 1 / (x * x);
  return 1 / x + 0.5 * z + z / x * polynomial(c, 7, z) + shift;
}

// The quantile from both sides: q = p - 1/2 and tail = min(p, 1 - p), so that neither has to be a difference.
// Source: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988); relative error about 1e-16.
static double quantile(double q, double tail) {
  static const double a[] = {3.3871328727963666080e0,  1.3314166789178437745e2, 1.9715909503065514427e3,
                             1.3731693765509461125e4,  4.5921953931549871457e4, 6.7265770927008700853e4,
                             3.3430575583588128105e4,  2.5090809287301226727e3};
  static const double b[] = {1.0,                      4.2313330701600911252e1, 6.8718700749205790830e2,
                             5.3941960214247511077e3,  2.1213794301586595867e4, 3.9307895800092710610e4,
                             2.8729085735721942674e4,  5.2264952788528545610e3};
  static const double c[] = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
                             3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
                             2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[] = {1.0,                       2.05319162663775882187e0, 1.67638483018380384940e0,
                             6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                             5.47593808499534494600e-4, 1.05075007164441684324e-9};
  static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                             2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                             2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[] = {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1,
                             1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                             1.42151175831644588870e-7, 2.04426310338993978564e-15};
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial(a, 8, r) / polynomial(b, 8, r);
  }
  double r = sqrt(-log(tail));
  double x = r <= 5 ? polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6)
                    : polynomial(e, 8, r - 5) / polynomial(f, 8, r - 5);
  return copysign(x, q);
}

double dg_erfinv(double x) {
  double size = fabs(x);
  if (!(size <= 1)) return NAN;
  if (size == 1) return copysign(INFINITY, x);
  return quantile(0.5 * x, 0.5 - 0.5 * size) * M_SQRT1_2;
}

double dg_normal_icdf(double p) {
  if (!(p >= 0 && p <= 1)) return NAN;
  if (p == 0 || p == 1) return p == 0 ? -INFINITY : INFINITY;
  return quantile(p - 0.5, p < 0.5 ? p : 1 - p);
}

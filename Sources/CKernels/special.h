// Special functions of one double, for the ops that are not worth a vector: shared by all instruction sets.
#pragma once

double dg_lgamma(double x);
double dg_digamma(double x);
double dg_trigamma(double x);
double dg_erfinv(double x);
double dg_normal_icdf(double p);

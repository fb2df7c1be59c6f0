/// Every family of distributions, in the order the help shows; a test compares the list with the folder.
package enum DistributionCatalogue {
  package static let families: [any Distribution.Type] = [
    Normal.self, Uniform.self, Laplace.self, Exponential.self, Gumbel.self, Logistic.self,
    StudentT.self, Cauchy.self, HalfNormal.self, LogNormal.self, Gamma.self, Beta.self,
    Dirichlet.self,
    MultivariateNormal.self, Bernoulli.self, Categorical.self, OneHotCategorical.self,
    Binomial.self, Geometric.self, Poisson.self, RelaxedBernoulli.self, RelaxedCategorical.self,
    Delta.self,
    Empirical.self, Independent.self, Mixture.self, Transformed.self,
  ]
}

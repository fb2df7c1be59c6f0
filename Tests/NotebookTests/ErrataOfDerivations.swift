extension Erratum {
  /// Of a derivation of the VAE with its code.
  static let ofDerivations: [Erratum] = [
    Erratum(
      "the VAE derived, line 119: a log and a sign lost before the prior",
      written: """
        derive "L", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           E(z ~ q, log_joint(x, z) - q.log_prob(z))
        =  -E(z ~ q, q.log_prob(z) + prior.prob(z)) + E(z ~ q, log_lik(x, z))
        }
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at x = -1.2",
        "the sides differ by 0.92477; the ratio is 0.72099",
        "they differ in `-E(z ~ q, prior.prob(z))`, `E(z ~ q, log_lik(x, z))`, above `E(z ~ q, log_joint(x, z))`",
      ],
      mended: """
        derive "L", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           E(z ~ q, log_joint(x, z) - q.log_prob(z))
        =  -E(z ~ q, q.log_prob(z) - prior.log_prob(z)) + E(z ~ q, log_lik(x, z))
        }
        """),
    Erratum(
      "the VAE derived, line 123: mean and width changed places in z",
      setup: """
        mu = 0.8; sigma = 0.4
        """,
      written: """
        check E(e ~ prior, e * mu + sigma) ≈ mu
        check E(e ~ prior, (e * mu + sigma - sigma)^2) ≈ sigma^2
        """,
      diagnosis: [
        "the difference is -0.4",
        "the ratio is 0.5 = ½",
        "the difference is 0.48",
        "the ratio is 4",
      ],
      mended: """
        check E(e ~ prior, mu + sigma * e) ≈ mu
        check E(e ~ prior, (mu + sigma * e - mu)^2) ≈ sigma^2
        """),
    Erratum(
      "the VAE derived, lines 196 and 382: half of the variance for the root of it",
      written: """
        derive "std", for logvar in [-0.4, 0.0, 0.9], wrt=[logvar] { sqrt(exp(logvar)) = 0.5 * exp(logvar) }
        check 0.5 * (exp(0) - 1 - 0) ≈ kl(normal(0, 0.5 * exp(0)), prior), "what is charged, and what is true"
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at logvar = -0.4",
        "the sides differ by -0.48357; the ratio is 0.40937",
        "what is charged, and what is true",
        "the difference is -0.31815",
      ],
      mended: """
        derive "std", for logvar in [-0.4, 0.0, 0.9], wrt=[logvar] { sqrt(exp(logvar)) = exp(0.5 * logvar) }
        check 0.5 * (exp(0.9) - 1 - 0.9) ≈ kl(normal(0, exp(0.5 * 0.9)), prior)
        """),
    Erratum(
      "the VAE derived, line 156: a log on one side only",
      setup: """
        x = [0.2, -1.0, 0.7]; f = [0.5, -0.4, 0.9]
        """,
      written: """
        derive "nll", for sigma in [0.4, 1.3], wrt=[f, sigma] {
           -sum(normal(f, sigma).log_prob(x))
        =  (2*pi * sigma^2)^(-3/2) * exp(-sum(((x - f) / sigma)^2) / 2)
        }
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at sigma = 0.4",
        "the sides differ by -1.3246; the ratio is 0.13939",
        "the line above is -log of this line, everywhere",
      ],
      mended: """
        derive "nll", for sigma in [0.4, 1.3], wrt=[f, sigma] {
           -sum(normal(f, sigma).log_prob(x))
        =  -log((2*pi * sigma^2)^(-3/2) * exp(-sum(((x - f) / sigma)^2) / 2))
        }
        """),
    Erratum(
      "the VAE derived, lines 399 and 358: cross-entropy of images scaled to [-1, 1]",
      setup: """
        bce(p, x) = -(x * log(p) + (1 - x) * log(1 - p))
        """,
      written: """
        check bce(1e-3, -1) >= 0, "a negative log probability"
        check bce(1e-12, -1) >= bce(1e-6, -1), "bounded below"
        """,
      diagnosis: [
        "a negative log probability",
        "the difference is -6.9058",
        "bounded below",
        "the difference is -13.816",
      ],
      mended: """
        check bce([1e-6, 0.2, 0.9], 0) >= 0
        derive "with a normal likelihood a target of -1 is fine", for f in [-1.4, 0.3], wrt=[f] {
           -normal(f, 0.5).log_prob(-1)
        =  2 * (f + 1)^2 + log(0.5) + log(2*pi) / 2
        }
        """),
    Erratum(
      "the VAE derived, lines 143 and 358: derived for a normal decoder, coded for a Bernoulli one",
      setup: """
        x = [0.2, -1.0, 0.7]; f = [0.5, -0.4, 0.9]
        bce(p, x) = -(x * log(p) + (1 - x) * log(1 - p))
        """,
      written: """
        derive "the loss", for sigma in [0.4, 1.3], wrt=[sigma] {
           -sum(normal(f, sigma).log_prob(x))
        =  sum(((x - f) / sigma)^2) / 2
        }
        check integrate(x -> exp(-bce(0.2, x)), 0, 1) ≈ 1, "a density of grey pixels"
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at sigma = 0.4",
        "the sides differ by -0.0079434; the ratio is 0.99484",
        "a density of grey pixels",
        "the difference is -0.56719",
      ],
      mended: """
        derive "the loss", for sigma in [0.4, 1.3], wrt=[sigma] {
           -sum(normal(f, sigma).log_prob(x))
        =  sum(((x - f) / sigma)^2) / 2 + 3/2 * log(2*pi * sigma^2)
        }
        C(p) = log(p / (1 - p)) / (2 * p - 1)
        check integrate(x -> C(0.2) * exp(-bce(0.2, x)), 0, 1) ≈ 1
        """),
    Erratum(
      "the VAE derived, line 139: the average runs over data where draws are meant",
      written: """
        derive "SGVB", wrt=[m, c, s] {
           let q0 = guess(-1.2); let q1 = guess(0.4)
           elbo(-1.2)
        =  -kl(q0, prior) + (E(z ~ q0, log_lik(-1.2, z)) + E(z ~ q1, log_lik(0.4, z))) / 2
        }
        """,
      diagnosis: [
        "line 2 does not follow from line 1",
        "the sides differ by 0.54222; the ratio is 0.83641",
      ],
      mended: """
        derive "SGVB", wrt=[m, c, s] {
           let q0 = guess(-1.2)
           elbo(-1.2)
        =  -kl(q0, prior) + (E(z ~ q0, log_lik(-1.2, z)) + E(z ~ q0, log_lik(-1.2, z))) / 2
        }
        """),
    Erratum(
      "the VAE derived, line 74: the expectation of P(Z, X) in place of its log",
      setup: """
        log_p(z1, z2) = prior.log_prob(z1) + prior.log_prob(z2) + normal(z1 + z2, 0.5).log_prob(1.5)
        Q2 = normal(0.9, 0.6); u = linspace(-3, 4, 36)
        normalised(v) = v / (sum(v) * 0.2)
        best = normal(0.6 / 0.25 / 5, 1 / sqrt(5))
        """,
      written: """
        check normalised(exp(log(stack([E(z2 ~ Q2, exp(log_p(z1, z2))) for z1 in u])))) ≈ best.prob(u), atol=1e-3
        """,
      diagnosis: [
        "the difference is -0.21682 at [17]"
      ],
      mended: """
        check normalised(exp(stack([E(z2 ~ Q2, log_p(z1, z2)) for z1 in u]))) ≈ best.prob(u), atol=1e-3
        """),
    Erratum(
      "the VAE derived, lines 365 and 429: a summed loss averaged over batches",
      setup: """
        per_image = 100.0
        """,
      written: """
        check (468 * 128 * per_image + 96 * per_image) / 469 ≈ per_image
        """,
      diagnosis: [
        "the difference is 12693"
      ],
      mended: """
        check (468 * 128 * per_image + 96 * per_image) / 60000 ≈ per_image
        """),
  ]
}

extension Erratum {
  /// Of surveys and lecture notes on VAE, GAN and flows.
  static let ofSurveys: [Erratum] = [
    Erratum(
      "VAE and GAN explained, line 35: the lower bound is minimised",
      setup: """
        bound(c) = E(z ~ normal(m * 2.0 + c, s), log_lik(2.0, z)) - kl(normal(m * 2.0 + c, s), prior)
        gap_after(direction) = kl(normal(m * 2.0 + c + 0.01 * direction * grad(bound)(c), s), posterior(2.0))
        """,
      written: """
        check gap_after(-1) < gap_after(0), "the gap closes"
        """,
      diagnosis: [
        "the gap closes",
        "the difference is 0.0032304",
      ],
      mended: """
        check gap_after(1) < gap_after(0), "the gap closes"
        """),
    Erratum(
      "VAE and GAN explained, line 35: the divergence from the posterior where that from the prior is paid",
      written: """
        derive "the bound", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           log_evidence(x) - kl(q, posterior(x))
        =  E(z ~ q, log_lik(x, z)) - kl(q, posterior(x))
        }
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at x = -1.2",
        "the sides differ by -1.311; the ratio is 1.3955",
        "they differ in `E(z ~ q, log_lik(x, z))`, above `log_evidence(x)`: these differ by -1.311",
      ],
      mended: """
        derive "the bound", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           log_evidence(x) - kl(q, posterior(x))
        =  E(z ~ q, log_lik(x, z)) - kl(q, prior)
        }
        """),
    Erratum(
      "VAE and GAN explained, line 41: the expectation forgotten",
      setup: """
        q = normal(0.07, 0.95)
        """,
      written: """
        check log_lik(0.4, 0.07) - kl(q, prior) <= log_evidence(0.4), "a lower bound"
        """,
      diagnosis: [
        "a lower bound",
        "the difference is 0.98739",
      ],
      mended: """
        check E(z ~ q, log_lik(0.4, z)) - kl(q, prior) <= log_evidence(0.4), "a lower bound"
        """),
    Erratum(
      "VAE and GAN explained, line 43: a sum over all noise, and the root of a width",
      setup: """
        center = [0.3, -0.7]; width = [0.5, 1.4]; e = randn(5000, 2)
        z(e) = center + sqrt(width) * sum(e, dim=1, keepdim=true)
        mended(e) = center + width * e
        """,
      written: """
        check abs(mean((z(e)[:, 0] - 0.3) * (z(e)[:, 1] + 0.7))) < 0.1, "independent numbers"
        check abs(var(z(e), dim=0) - width^2) < 0.15, "of these variances"
        """,
      diagnosis: [
        "independent numbers",
        "of these variances",
      ],
      mended: """
        check abs(mean((mended(e)[:, 0] - 0.3) * (mended(e)[:, 1] + 0.7))) < 0.1, "independent numbers"
        check abs(var(mended(e), dim=0) - width^2) < 0.15, "of these variances"
        """),
    Erratum(
      "VAE and GAN explained, line 75: the number lost at which training ends",
      setup: """
        p = normal(0.2, 1.1)
        """,
      written: """
        for d in [0, 1] { check p.prob(0.7) / (p.prob(0.7) + p.prob(0.7)) ≈ d, "the best judge is sure" }
        """,
      diagnosis: [
        "the best judge is sure",
        "the difference is 0.5 = ½",
        "the difference is -0.5 = -½",
      ],
      mended: """
        check p.prob(0.7) / (p.prob(0.7) + p.prob(0.7)) ≈ 1/2
        check E(x ~ p, log(0.5)) + E(x ~ p, log(1 - 0.5)) ≈ -log(4)
        """),
    Erratum(
      "VAE and GAN explained, line 87: a condition added to the noise",
      setup: """
        net = mlp(2, 16, 2, act=tanh); wide = mlp(4, 16, 2, act=tanh)
        three = [[0.5, -1.0]]; seven = [[-0.75, 0.25]]; z = randn(1, 2)
        """,
      written: """
        check sum(abs(net(z + seven) - net((z + three - seven) + seven))) > 0 and sum(abs(net(z + three) - net((z + three - seven) + seven))) > 1e-3, "a three is no seven"
        """,
      diagnosis: [
        "a three is no seven"
      ],
      mended: """
        check sum(abs(wide(cat([z, three], dim=1)) - wide(cat([z + three - seven, seven], dim=1)))) > 1e-3, "a three is no seven"
        """),
    Erratum(
      "lecture notes on GANs, line 88: the fakes' term is to be small",
      setup: """
        term(score) = log(1 - score)
        """,
      written: """
        check term(0.99) > term(0.01), "a judge whom fakes fool enlarges V"
        """,
      diagnosis: [
        "a judge whom fakes fool enlarges V",
        "the difference is -4.5951",
      ],
      mended: """
        check term(0.01) > term(0.99), "a judge whom fakes do not fool enlarges V"
        check grad(term)(0.3) < 0
        """),
    Erratum(
      #"lecture notes on GANs, lines 90 to 102: V is "related to" a divergence"#,
      setup: """
        p_r = normal(0, 1); p_g = normal(1.5, 0.8)
        V(D) = E(x ~ p_r, log(D(x))) + E(x ~ p_g, log(1 - D(x)))
        D(x) = p_r.prob(x) / (p_r.prob(x) + p_g.prob(x))
        jsd = js(p_r, p_g)
        """,
      written: """
        check V(D) ≈ jsd
        check V(x -> sigmoid(-0.9 * x + 0.6)) ≈ -log(4) + 2 * jsd
        """,
      diagnosis: [
        "the difference is -1.1241",
        "the difference is -0.10348",
      ],
      mended: """
        check V(D) ≈ -log(4) + 2 * jsd
        """),
    Erratum(
      "lecture on generative models, line 193: a divergence of q from itself",
      written: """
        derive "log p(x)", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           log_evidence(x)
        =  E(z ~ q, log_lik(x, z)) - kl(q, prior) + kl(q, q)
        }
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at x = -1.2",
        "the sides differ by -1.4848; the ratio is 1.8115",
      ],
      mended: """
        derive "log p(x)", for x in points, wrt=[m, c, s] {
           let q = guess(x)
           log_evidence(x)
        =  E(z ~ q, log_lik(x, z)) - kl(q, prior) + kl(q, posterior(x))
        }
        """),
    Erratum(
      "lecture on generative models, line 224: z from the prior in training",
      written: """
        derive "the bound in training", for x in points, wrt=[a, b, noise] { elbo(x) = E(z ~ prior, log_lik(x, z)) }
        """,
      diagnosis: [
        "line 2 does not follow from line 1, at x = -1.2",
        "the sides differ by -3.3436; the ratio is 2.0088",
      ],
      mended: """
        derive "the bound of q = prior", for x in points, wrt=[a, b, noise] {
           log_evidence(x)
        >= E(z ~ prior, log_lik(x, z))        gap = kl(prior, posterior(x))
        }
        check elbo(2.0) > E(z ~ prior, log_lik(2.0, z))
        """),
    Erratum(
      "VAE, GAN and flows compared, line 12: who is given what",
      setup: """
        p_y = [0.7, 0.3]; given_y = [[0.1, 0.6, 0.3], [0.5, 0.2, 0.3]]
        """,
      written: """
        check sum(given_y, dim=0) ≈ ones(3), "a distribution of y"
        """,
      diagnosis: [
        "a distribution of y",
        "the difference is -0.4 at [0]",
      ],
      mended: """
        check sum(given_y, dim=1) ≈ ones(2), "a distribution of x"
        joint = reshape(p_y, 2, 1) * given_y
        check sum(joint / sum(joint, dim=0), dim=0) ≈ ones(3), "Bayes' rule makes one of y"
        """),
    Erratum(
      "VAE, GAN and flows compared, line 48: a judge that fails more than half of the time",
      setup: """
        p = normal(0.2, 1.1)
        hits(p, q) = 0.5 * integrate(x -> maximum(p.prob(x), q.prob(x)), -12, 12)
        """,
      written: """
        check hits(p, p) < 0.5 - 1e-6, "the best judge at the end"
        """,
      diagnosis: [
        "the best judge at the end",
        "the difference is 1e-06",
      ],
      mended: """
        check hits(p, p) ≈ 0.5, "the best judge at the end"
        """),
    Erratum(
      "VAE, GAN and flows compared, lines 74 to 78: a flow without its determinant",
      setup: """
        flow(x) = 2 * x + sin(x)
        """,
      written: """
        check integrate(x -> prior.prob(flow(x)), -inf, inf) ≈ 1, "the exact likelihood"
        derive "a flow", for x in [-0.7, 1.2] {
           transformed(normal(0, 1), affine(0.3, 2)).log_prob(x)
        =  prior.log_prob((x - 0.3) / 2)
        }
        """,
      diagnosis: [
        "the exact likelihood",
        "the difference is -0.66004",
        "line 2 does not follow from line 1, at x = -0.7",
        "the sides differ by 0.69315 = log 2 everywhere: a constant",
      ],
      mended: """
        check integrate(x -> prior.prob(flow(x)) * grad(flow)(x), -inf, inf) ≈ 1, "the exact likelihood"
        derive "a flow", for x in [-0.7, 1.2] {
           transformed(normal(0, 1), affine(0.3, 2)).log_prob(x)
        =  prior.log_prob((x - 0.3) / 2) + log(1/2)
        }
        """),
  ]
}

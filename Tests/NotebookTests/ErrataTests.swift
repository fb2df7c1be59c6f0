import Testing

@testable import Notebook

/// A formula as it is printed somewhere, wrong; what is said of it; and the right one.
struct Erratum: CustomTestStringConvertible {
  /// Where it stands and what is wrong with it.
  let title: String
  let setup: String
  let written: String
  /// Lines of the output.
  let diagnosis: [String]
  let mended: String

  init(
    _ title: String, setup: String = "", written: String, diagnosis: [String], mended: String
  ) {
    self.title = title
    self.setup = setup
    self.written = written
    self.diagnosis = diagnosis
    self.mended = mended
  }

  var testDescription: String { title }

  /// A model whose evidence and posterior are known: p(z) = N(0, 1), p(x|z) = N(a z + b, noise).
  static let model = """
    prior = normal(0, 1); a = 1.5; b = 0.3; noise = 0.6
    log_lik(x, z) = normal(a * z + b, noise).log_prob(x)
    log_joint(x, z) = prior.log_prob(z) + log_lik(x, z)
    log_evidence(x) = log(E(z ~ prior, exp(log_lik(x, z))))
    precision() = 1 + a^2 / noise^2
    posterior(x) = normal(a * (x - b) / noise^2 / precision(), 1 / sqrt(precision()))
    m = 0.4; c = 0.1; s = 0.7
    guess(x) = normal(m * x + c, s)
    elbo(x) = E(z ~ guess(x), log_lik(x, z)) - kl(guess(x), prior)
    points = [-1.2, 0.4, 2.0]

    """

  /// The script of one of its formulas.
  func script(_ formula: String) -> String { Self.model + setup + "\n" + formula }
}

/// Every formula that the sources of the lessons get wrong is caught, with what is wrong with it, and
/// passes when it is mended.
@Suite struct ErrataTests {
  static let all = Erratum.ofDerivations + Erratum.ofSurveys

  @Test(arguments: all) func whatIsWrittenIsCaughtAndDiagnosed(_ erratum: Erratum) {
    let bench = Bench()
    #expect(bench.run(erratum.script(erratum.written)) == .checkFailed, "\(bench.console.errors)")
    for line in erratum.diagnosis {
      #expect(bench.console.output.contains(line), "\(bench.console.output)")
    }
    #expect(bench.console.output.contains("0 checks passed"), "\(bench.console.output)")
  }

  @Test(arguments: all) func whatIsMendedPasses(_ erratum: Erratum) {
    let bench = Bench()
    #expect(bench.run(erratum.script(erratum.mended)) == .fine)
    #expect(bench.console.errors.isEmpty, "\(bench.console.errors)")
    #expect(!bench.console.output.contains("0 checks passed"), "\(bench.console.output)")
  }
}

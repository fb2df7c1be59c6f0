import Tensors

/// What can be wrong with a distribution's parameters, or asked of it in vain.
package enum DistributionError: Error, Equatable {
  case constraint(String, expected: String, found: Double)
  /// A matrix, or numbers together, that are not what they must be.
  case whole(String, expected: String)
  case missing(String)
  case alternatives([String], given: Int)
  case kind(String, expected: String)
  case tooMany(Int, expected: Int)
  case noClosedForm(String, of: String)
  case noPathwiseSample(String)
  case noDivergence(String, String)

  /// One sentence for the reader, without the distribution's name where the caller knows it.
  package var message: String {
    switch self {
    case .constraint(let name, let expected, let found):
      return "\(name): expected \(expected), found \(found.shortest)"
    case .whole(let name, let expected): return "\(name): expected \(expected)"
    case .missing(let name): return "\(name): expected a value, found none"
    case .alternatives(let names, let given):
      let all = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      let count =
        names.count == 2 ? (given == 0 ? "neither" : "both") : given == 0 ? "none" : "\(given)"
      return "expected one of \(all), found \(count)"
    case .kind(let name, let expected): return "\(name): expected \(expected)"
    case .tooMany(let found, let expected):
      return "expected at most \(expected) parameters, found \(found)"
    case .noClosedForm(let what, let name): return "\(name) has no \(what) in closed form"
    case .noPathwiseSample(let name):
      return "no gradient flows through draws of \(name): use sample"
    case .noDivergence(let q, let p): return "kl(\(q), \(p)) has no closed form here"
    }
  }

  /// Another way to what was asked for; nil where there is none.
  package var hint: String? {
    guard case .noClosedForm(let what, _) = self else { return nil }
    switch what {
    case "mean": return "`E(x ~ q, x)` integrates, or draws"
    case "variance": return "`E(x ~ q, (x - m)^2)` with `m = E(x ~ q, x)` integrates, or draws"
    case "entropy": return "`E(x ~ q, -q.log_prob(x))` integrates, or draws"
    case "cdf": return "`E(x ~ q, x <= c)` integrates, or draws"
    case "icdf": return "`sort(q.sample(10000))` shows about where it lies"
    default: return nil
    }
  }
}

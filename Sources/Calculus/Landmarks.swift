import Distributions
import Tensors

/// Numbers near which a density may be narrow or jump: where quadrature must look.
enum Landmarks {
  /// None for families with one smooth hill as wide as the substitution takes it to be.
  static func of(_ q: any Distribution) throws -> [Double] {
    guard let mixture = q as? Mixture else { return try Substitution(q)?.narrowHill(q) ?? [] }
    var found: [Double] = []
    for component in mixture.components {
      if let inner = component as? Mixture {
        found += try of(inner)
      } else if let substitution = try Substitution(component) {
        found += try substitution.hill()
      }
    }
    return Array(found.prefix(most))
  }

  private static let most = 400
}

import Glibc

/// The constants that formulas lose and gain, to call a number by its name.
///
///     FamiliarConstants().name(of: 0.918938533, within: 1e-8)     // ½ log 2π
///     FamiliarConstants(["n": 50]).name(of: 25, within: 1e-8)     // 25
package struct FamiliarConstants: Sendable {
  /// A name and its value.
  private struct Entry {
    let name: String
    let value: Double
    /// The simpler of two readings of a number is the better one.
    let cost: Int
  }

  private let entries: [Entry]

  /// `sizes` are numbers of the case at hand, such as the dimension or the sample count, by name.
  package init(_ sizes: [(name: String, value: Double)] = []) {
    let constants: [Entry] = [
      Entry(name: "", value: 1, cost: 0),
      Entry(name: "log 2", value: log(2), cost: 3),
      Entry(name: "log 2π", value: log(2 * .pi), cost: 3),
      Entry(name: "π", value: .pi, cost: 3), Entry(name: "e", value: exp(1), cost: 4),
      Entry(name: "log π", value: log(.pi), cost: 5), Entry(name: "log 3", value: log(3), cost: 6),
      Entry(name: "√2", value: 2.0.squareRoot(), cost: 4),
      Entry(name: "√π", value: Double.pi.squareRoot(), cost: 5),
      Entry(name: "√2π", value: (2 * Double.pi).squareRoot(), cost: 4),
      Entry(name: "π²", value: .pi * .pi, cost: 6),
      Entry(name: "log 2πe", value: log(2 * .pi) + 1, cost: 5),
    ]
    let named = sizes.filter { $0.value > 1 }.flatMap { size in
      [
        Entry(name: size.name, value: size.value, cost: 5),
        Entry(name: "\(size.name) log 2", value: size.value * log(2), cost: 6),
        Entry(name: "\(size.name) log 2π", value: size.value * log(2 * .pi), cost: 6),
        Entry(name: "log \(size.name)", value: log(size.value), cost: 6),
      ]
    }
    entries = constants + named
  }

  /// The simplest product of a small fraction and a constant that comes within a relative distance of a number.
  ///
  /// Nil where there is none, and where the distance allowed is too wide to tell: within 1e-4 of any
  /// number lies one of these products more often than not.
  package func name(of x: Double, within tolerance: Double) -> String? {
    guard x.isFinite, x != 0, tolerance < 2e-5 else { return nil }
    var best: (name: String, cost: Int)?
    for entry in entries {
      let quotients = [
        (x / entry.value, false), (entry.name.isEmpty ? .nan : x * entry.value, true),
      ]
      for (quotient, isInverse) in quotients {
        guard let fraction = Fraction(quotient, within: tolerance) else { continue }
        let cost = entry.cost + fraction.cost + (isInverse ? 2 : 0)
        guard cost < best?.cost ?? .max else { continue }
        best = (isInverse ? fraction.text(over: entry.name) : fraction.text(entry.name), cost)
      }
    }
    return best?.name
  }
}

/// A quotient of small whole numbers.
private struct Fraction {
  let numerator: Int
  let denominator: Int

  init?(_ x: Double, within tolerance: Double) {
    guard x.isFinite, abs(x) < 1000 else { return nil }
    for denominator in [1, 2, 3, 4, 6, 8] {
      let numerator = (x * Double(denominator)).rounded()
      guard numerator != 0, abs(numerator) <= (denominator == 1 ? 100 : 12),
        abs(x * Double(denominator) - numerator) <= tolerance * abs(numerator)
      else { continue }
      self.numerator = Int(numerator)
      self.denominator = denominator
      return
    }
    return nil
  }

  var cost: Int {
    let n = abs(numerator)
    let size = n == 1 ? 0 : n <= 4 ? 1 : n <= 12 ? 3 : 6
    return size + (denominator == 1 ? 0 : denominator == 2 ? 1 : 2)
  }

  private var sign: String { numerator < 0 ? "-" : "" }

  private var size: String {
    let vulgar = ["1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"]
    let text = denominator == 1 ? "\(abs(numerator))" : "\(abs(numerator))/\(denominator)"
    return vulgar[text] ?? text
  }

  /// A product such as `½ log 2π`.
  func text(_ name: String) -> String {
    if name.isEmpty { return sign + size }
    return sign + (size == "1" ? name : "\(size) \(name)")
  }

  /// A quotient such as `½ / π`.
  func text(over name: String) -> String {
    sign + "\(size) / " + (name.contains(" ") ? "(\(name))" : name)
  }
}

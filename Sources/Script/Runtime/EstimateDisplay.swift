import Calculus
import Tensors

/// Estimates as they show: `-92.31 ± 0.12 (n = 1000)`.
enum EstimateDisplay {
  private static let longest = 24

  /// Nil for what is no estimate.
  static func text(_ tensor: Tensor, width: Int) -> String? {
    guard tensor.isNoisy, let estimate = try? Estimate(of: tensor) else { return nil }
    let draws = "(n = \(estimate.draws))"
    if tensor.rank == 0 {
      return number(estimate.value[flat: 0], estimate.error[flat: 0]) + " " + draws
    }
    if tensor.rank == 1, tensor.count <= longest {
      let parts = (0..<tensor.count).map {
        number(estimate.value[flat: $0], estimate.error[flat: $0])
      }
      return "[" + parts.joined(separator: ", ") + "] " + draws
    }
    return TensorDisplay.text(estimate.value, width: width) + "\n±\n"
      + TensorDisplay.text(estimate.error, width: width) + "\n" + draws
  }

  /// The error to two digits, the value as far as these.
  static func number(_ value: Double, _ error: Double) -> String {
    guard error.isFinite, error > 0, value.isFinite, abs(value) < 1e15 else {
      return "\(NumberText.rounded(value, digits: 6)) ± \(NumberText.rounded(error, digits: 2))"
    }
    let twoDigits = Formatting.printf("e", error, 1)
    let exponent = twoDigits.split(separator: "e").last.flatMap { Int($0) } ?? 0
    let places = 1 - exponent
    guard places <= 12, places >= -6 else {
      return "\(Formatting.printf("g", value, 7)) ± \(twoDigits)"
    }
    return
      "\(Formatting.printf("f", value, max(places, 0))) ± \(Formatting.printf("f", error, max(places, 0)))"
  }
}

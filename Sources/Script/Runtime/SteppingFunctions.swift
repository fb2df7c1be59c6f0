import Calculus
import Glibc
import Tensors

/// Functions that jump: what changes its sign where they do.
enum SteppingFunctions {
  private static func step(_ name: String, _ x: Tensor) throws -> Tensor? {
    switch name {
    case "sign": x
    case "floor", "ceil", "trunc", "frac": try wholes(x)
    case "round": try wholes(x + 0.5)
    default: nil
    }
  }

  /// Zero at the whole numbers.
  static func wholes(_ x: Tensor) throws -> Tensor { try (x * Double.pi).sin() }

  /// Tells the integral under way of a call of one of them.
  static func note(_ function: BuiltinFunction, _ arguments: [Value], _ jumps: MovingJumps) throws {
    guard arguments.count == 1, let x = arguments[0].storedTensor, x.dtype.isFloating,
      let step = try step(function.name, x)
    else { return }
    try jumps.noteSteps(ObjectIdentifier(function), step)
  }
}

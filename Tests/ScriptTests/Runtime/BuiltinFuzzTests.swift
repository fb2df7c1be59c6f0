import Script
import Tensors
import Testing

/// Every builtin, called with whatever comes to hand, ends in a value or in an error.
struct BuiltinFuzzTests {
  static let arguments = [
    "0", "-1", "1", "2", "2.5", "1e18", "-2^63", "2^62", "-9.2e18", "9.2e18", "nan", "inf", "-inf",
    "true", "none",
    "\"\"", "\"ij,jk\"", "\"σ\"", "[]", "[1, 2, 3]", "[[1, 2], [3, 4]]", "zeros(0)", "zeros(0, 3)",
    "zeros(2, 3, 4)", "1..3", "[1, 2, 3] > 1", "double([1, 2])", "float(2)", "[\"a\", 1]",
    "[zeros(2), ones(2)]", "(1, 2)", "()", "(0, 9.2e18)", "{a: 1}", "{}", "x -> x", "sum",
    "normal(0, 1)", "normal([0, 1], 1)", "float64", "param([1, 2])", "-5", "[nan, inf, 1]",
  ]

  @Test(arguments: 1...2)
  func aCallWithAnyArgumentsEndsInAValueOrAnError(_ seed: Int) {
    let random = Generator(seed: UInt64(seed))
    _ = onLargeStack {
      let interpreter = Interpreter(stackSize: 60 << 20) { _ in }
      for builtin in interpreter.builtins {
        for _ in 0..<15 {
          let call = Self.call(builtin, random)
          _ = interpreter.run(Source(name: "t.dg", call))
        }
      }
    }
  }

  @Test(arguments: 1...2)
  func anOperatorMethodOrIndexEndsInAValueOrAnError(_ seed: Int) {
    let random = Generator(seed: UInt64(100 + seed))
    let operators = [
      "+", "-", "*", "/", "//", "%", "@", "^", ">>", "|>", "==", "<", ">=", "≈", "and", "or", "..",
    ]
    let forms = ["x[_]", "x[_, _]", "x[_:_]", "x[_:_:_]", "x[..., _]", "x[_] = _", "x[_:_] += _"]
    func pick(_ list: [String]) -> String {
      list[random.integers(1, below: list.count).first ?? 0]
    }
    _ = onLargeStack {
      let interpreter = Interpreter(stackSize: 60 << 20) { _ in }
      for _ in 0..<500 {
        let value = pick(Self.arguments)
        var script = "(\(value)) \(pick(operators)) (\(pick(Self.arguments)))"
        if pick(["a", "b"]) == "b" {
          let form = pick(forms).split(separator: "_", omittingEmptySubsequences: false)
          let filled = form.dropFirst().reduce(String(form[0])) { $0 + pick(Self.arguments) + $1 }
          script = "x = \(value)\n\(filled)"
        } else if pick(["a", "b"]) == "b" {
          let names = ["sample", "icdf", "pop", "insert", "append", "split", "join", "sum", "view"]
          script = "x = \(value)\nx.\(pick(names))(\(pick(Self.arguments)))"
        }
        _ = interpreter.run(Source(name: "t.dg", script))
      }
    }
  }

  private static func call(_ builtin: Builtin, _ random: Generator) -> String {
    func pick(_ n: Int) -> Int { random.integers(1, below: n).first ?? 0 }
    var given = (0..<pick(4)).map { _ in arguments[pick(arguments.count)] }
    let names = builtin.parameters.filter { $0.form != .rest && $0.form != .options }
    if !names.isEmpty, pick(2) == 0 {
      given.append("\(names[pick(names.count)].name)=\(arguments[pick(arguments.count)])")
    }
    return "builtin.\(builtin.name)(\(given.joined(separator: ", ")))"
  }
}

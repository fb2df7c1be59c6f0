import Glibc

/// Every builtin of the language itself; layers, plots, data and files come from outside.
enum Library {
  static func install(in interpreter: Interpreter) {
    let all =
      Operations.builtins() + TensorBuiltins.all + RandomBuiltins.all + ListBuiltins.all
      + GradientBuiltins.all + OwnGradients.all + DistributionBuiltins.all + DivergenceBuiltins.all
      + ExpectationBuiltins.all
      + SessionBuiltins.all + HelpBuiltins.all
    for builtin in all { interpreter.define(builtin) }
    for method in ListBuiltins.listMethods { interpreter.define(method, on: "list") }
    for method in ListBuiltins.recordMethods { interpreter.define(method, on: "record") }
    for method in TextBuiltins.methods { interpreter.define(method, on: "text") }
    for method in DistributionBuiltins.methods { interpreter.define(method, on: "distribution") }
    for method in TensorBuiltins.methods { interpreter.define(method, on: "tensor") }
    for (name, value) in constants(interpreter) { interpreter.define(name, value) }
  }

  private static func constants(_ interpreter: Interpreter) -> [(String, Value)] {
    [
      ("pi", .number(.pi)), ("π", .number(.pi)), ("e", .number(exp(1))),
      ("inf", .number(.infinity)),
      ("nan", .number(.nan)), ("float32", .dtype(.float32)), ("float64", .dtype(.float64)),
      ("int64", .dtype(.int64)), ("quick", .bool(interpreter.isQuick)),
    ]
  }
}

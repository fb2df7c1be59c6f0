import Script

/// Asks for a number before `predict` shows the value, and keeps the score.
package final class Predictions {
  private let console: any Console
  private let ask: (String) -> String?
  private var right = 0
  private var total = 0

  /// `ask` shows a question and gives the line that was typed; nil where there was none.
  package init(console: any Console, ask: @escaping (String) -> String?) {
    self.console = console
    self.ask = ask
  }

  /// How many came true; empty where there were none.
  package var text: String { total == 0 ? "" : "\(right) of \(total) predictions right" }

  /// An empty answer is no prediction.
  package func predict(_ question: String, _ value: Value) {
    let shown = Display.text(value, width: console.capabilities.width)
    guard let number = value.scalar else { return console.write("\(question) \(shown)\n") }
    guard let given = ask(question).flatMap(Self.number) else {
      return console.write("it is \(shown)\n")
    }
    // Predictions are made in the head: two hundredths are near enough.
    let isRight = given == number || abs(given - number) <= 0.02 * abs(number)
    total += 1
    if isRight { right += 1 }
    console.write("\(isRight ? "✓" : "✗") it is \(shown); \(text)\n")
  }

  /// The number that was typed, or that an expression such as `64 * log(4)` gives.
  private static func number(_ text: String) -> Double? {
    var number: Double?
    let calculator = Interpreter { output in
      if case .value(let value) = output { number = value.scalar }
    }
    _ = calculator.run(Source(name: "prediction", text))
    return number
  }
}

import Calculus

/// The first broken step of a derivation, in words.
struct DerivationBreak {
  /// The line's index from 0.
  let line: Int
  /// Whether the inequality holds and what is said of its gap does not.
  let isGap: Bool
  let diagnosis: Diagnosis
  let point: String
  let span: Span
  let leaves: [String]
  let terms: (above: [String], here: [String])
  let blame: Blame
  let mends: [DerivationMend]
  let source: Source

  /// Which line is the wrong one.
  enum Blame {
    case one(Int)
    /// The lines above and below agree with one another.
    case oddAmongLines(Int)
    /// The lines below agree with one another, and nothing is above.
    case oddBefore(Int)
    /// A line or the one above it.
    case either(Int)

    /// Those it may be, the likelier first.
    func lines(at i: Int) -> [Int] {
      switch self {
      case .one(let line), .oddAmongLines(let line), .oddBefore(let line): [line]
      case .either(let line): [line, line - 1]
      }
    }
  }

  /// The lines that the words name as wrong, their numbers from 1.
  var blamedLines: [Int] {
    mends.isEmpty ? [blame.lines(at: line)[0] + 1] : mends.map { $0.line + 1 }
  }

  func lines(isExpected: Bool) -> [String] {
    let position = source.position(of: span.start)
    let verdict = isExpected ? "caught" : "check failed"
    let place = point.isEmpty ? "" : ", at \(point)"
    let what =
      isGap
      ? "the gap of line \(line + 1) is another"
      : "line \(line + 1) does not follow from line \(line)"
    var lines = ["\(source.name):\(position.line):\(position.column): \(verdict): \(what)\(place)"]
    lines.append("   \(source.flatText(span))")
    lines += sides.map { "   " + $0 }
    lines += diagnosis.findings.flatMap(sentences).map { "   " + $0 }
    switch blame {
    case .one, .either: break
    case .oddAmongLines(let odd):
      lines.append("   the lines around it agree: line \(odd + 1) is the odd one")
    case .oddBefore(let odd):
      lines.append("   the lines after it agree with one another: line \(odd + 1) is the odd one")
    }
    lines += mends.map { mend in
      let place = source.position(of: mend.span.start)
      let name = mend.isGap ? "the gap" : "line \(mend.line + 1)"
      return "   \(name) holds \(mend.description), at \(place.line):\(place.column)"
    }
    return lines
  }

  private var sides: [String] {
    let (above, here) = (diagnosis.break.above, diagnosis.break.here)
    let (a, b) = (NumberText.rounded(above, digits: 8), NumberText.rounded(here, digits: 8))
    let labels = isGap ? ("stated", "found") : ("above", "here")
    let kind: String
    switch diagnosis.break.place {
    case .shapes: return []
    case .element: kind = ""
    case .gradient(let name, _): kind = " in the derivative by \(leaf(name))"
    }
    return ["\(labels.0) \(a), \(labels.1) \(b)\(kind)"]
  }

  private func leaf(_ i: Int) -> String { leaves.indices.contains(i) ? leaves[i] : "a parameter" }

  // MARK: Findings

  private func sentences(_ finding: Diagnosis.Finding) -> [String] {
    switch finding {
    case .terms(let above, let here, let inner): return [terms(above, here, inner)]
    case .apart(let difference, let name, let ratio, let ratioName):
      var text = "the sides differ by \(number(difference, name))"
      if diagnosis.break.noise > 0 {
        text += ", chance by \(NumberText.rounded(diagnosis.break.noise, digits: 2)) at most"
      }
      if ratio == -1 {
        text += "; the sign is flipped"
      } else if ratio.isFinite, ratio != 0 {
        text += "; the ratio is \(number(ratio, ratioName))"
      }
      return [text]
    default: return ["\(sentence(finding, "the sides"))"]
    }
  }

  private func sentence(_ finding: Diagnosis.Finding, _ sides: String) -> String {
    switch finding {
    case .shapes(let above, let here): return "the shapes differ: \(above) above, \(here) here"
    case .notFinite: return "a side is infinite or no number"
    case .constant(let difference, let name):
      return "\(sides) differ by \(number(difference, name)) everywhere: a constant"
    case .factor(let factor, let name):
      return "the ratio is \(number(factor, name)) everywhere: a factor"
    case .signFlipped: return "the sign is flipped"
    case .apart(let difference, let name, _, _):
      return "\(sides) differ by \(number(difference, name))"
    case .gradientOnly(let name, let isBlocked, let isAboveBlocked):
      let why =
        isBlocked
        ? ": none flows here, as behind a detach"
        : isAboveBlocked ? ": none flows above, as behind a detach" : ""
      return "the values agree, the derivatives by \(leaf(name)) do not\(why)"
    case .reversed: return "the inequality is the other way round"
    case .function(let name): return "the line above is \(name) of this line, everywhere"
    case .terms(let above, let here, let inner): return terms(above, here, inner)
    case .repeated(let term, let isAbove, let times, let name):
      return repeated(term, isAbove, times, name)
    }
  }

  private func repeated(_ term: Int, _ isAbove: Bool, _ times: Double, _ name: String?) -> String {
    let texts = isAbove ? terms.above : terms.here
    let text = texts.indices.contains(term) ? "`\(texts[term])`" : "a term"
    if isAbove {
      return times == 1
        ? "missing here: \(text)" : "missing here: \(number(times, name)) times \(text)"
    }
    if times == 0 { return "extra here: \(text)" }
    if abs(times + 1) < 1e-6 { return "the sign of \(text) is flipped" }
    return "\(text) should be \(number(times, name)) times as large"
  }

  private func terms(_ above: [Int], _ here: [Int], _ inner: Diagnosis.Finding?) -> String {
    func list(_ indices: [Int], _ texts: [String]) -> String {
      indices.map { texts.indices.contains($0) ? "`\(texts[$0])`" : "a term" }
        .joined(separator: ", ")
    }
    if above.isEmpty { return "extra here: \(list(here, terms.here))" }
    if here.isEmpty { return "missing here: \(list(above, terms.above))" }
    var text = "they differ in \(list(here, terms.here)), above \(list(above, terms.above))"
    if let inner { text += ": \(sentence(inner, "these"))" }
    return text
  }

  /// A number and its name: `0.91894 = ½ log 2π`.
  private func number(_ x: Double, _ name: String?) -> String {
    let text = NumberText.rounded(x, digits: 5)
    guard let name, name != text else { return text }
    return "\(text) = \(name)"
  }
}

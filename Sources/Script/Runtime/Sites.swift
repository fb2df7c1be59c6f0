import Tensors

/// Places in a session's sources as the numbers that recorded steps carry.
///
/// A step knows where it was asked for, so that an error found later, such as a loss that is NaN, can
/// point at it.
struct Sites {
  private var sources: [UInt64: Source] = [:]

  mutating func add(_ source: Source) { sources[source.number] = source }

  /// 24 bits for the source, 24 for where the span starts, 16 for its length; 0 where these do not do.
  static func site(_ source: Source, _ span: Span) -> UInt64 {
    let (start, length) = (UInt64(span.start), UInt64(span.end - span.start))
    guard source.number < 1 << 24, start < 1 << 24 else { return 0 }
    return source.number << 40 | start << 16 | min(length, 0xffff)
  }

  func place(_ site: UInt64) -> (source: Source, span: Span)? {
    let start = Int(site >> 16 & 0xff_ffff)
    guard let source = sources[site >> 40], start <= source.bytes.count else { return nil }
    return (source, Span(start, min(start + Int(site & 0xffff), source.bytes.count)))
  }
}

extension Frame {
  /// Notes where a result was asked for, in the step that led to it.
  func mark(_ value: Value, at span: Span) {
    switch value {
    case .tensor(let tensor): tensor.mark(site: Sites.site(source, span))
    case .tuple(let values): for value in values { mark(value, at: span) }
    default: break
    }
  }

  /// The diagnostic of an error at a place, with a label where what is not finite arose.
  func diagnostic(_ error: any Error, at span: Span) -> Diagnostic {
    var diagnostic = Diagnostic(
      Explanation.message(error), at: span, hints: Explanation.hints(error))
    if case ScriptError.notFinite(_, let origin?) = error,
      let place = interpreter.sites.place(origin.site)
    {
      if place.source === source {
        diagnostic.labels.append(.init(place.span, origin.text))
      } else {
        let position = place.source.position(of: place.span.start)
        let code = place.source.text(place.span)
        diagnostic.hints.append(
          "\(place.source.name):\(position.line):\(position.column): `\(code)`: \(origin.text)")
      }
    }
    return diagnostic
  }
}

extension NonFiniteOrigin {
  /// `the first nan is made here, of -1, at [1]`.
  fileprivate var text: String {
    let number = NumberText.rounded(value, digits: 6)
    let place = index.isEmpty ? "" : ", at [" + index.map(String.init).joined(separator: ", ") + "]"
    let given = operands.map { NumberText.rounded($0, digits: 6) }.joined(separator: " and ")
    switch kind {
    case .result:
      return "the first \(number) is made here" + (given.isEmpty ? "" : ", of \(given)") + place
    case .gradient:
      return "the first gradient that is \(number) is that of the operand here"
        + (given.isEmpty ? "" : ", where it is \(given)") + place
    case .operand: return "an operand here is \(number) already" + place
    }
  }
}

/// What stands between the brackets of `x[0:10, ..., none]`.
extension Parser {
  mutating func expectSubscripts() throws(Failure) -> [Subscript] {
    try inBrackets { (parser) throws(Failure) in
      guard !parser.token.is(.closeBracket) else { throw parser.unexpected("an index") }
      var subscripts = [try parser.expectSubscript()]
      while parser.parse(.comma) {
        if parser.token.is(.closeBracket) { break }
        subscripts.append(try parser.expectSubscript())
      }
      return subscripts
    }
  }

  private mutating func expectSubscript() throws(Failure) -> Subscript {
    let start = token.span
    if parse(.ellipsis) { return .ellipsis(start) }
    if token.is(.none), following.is(.comma) || following.is(.closeBracket) {
      advance()
      return .newAxis(start)
    }
    let low = try parseSliceEnd()
    guard token.is(.colon) else {
      guard let low else { throw unexpected("an index") }
      return .expression(low)
    }
    advance()
    let high = try parseSliceEnd()
    let step = parse(.colon) ? try parseSliceEnd() : nil
    return .slice(low: low, high: high, step: step, span: span(from: start.start))
  }

  private mutating func parseSliceEnd() throws(Failure) -> Expression? {
    switch token.kind {
    case .symbol(.colon), .symbol(.comma), .symbol(.closeBracket): nil
    default: try expectExpression()
    }
  }
}

/// Which bracket closes which.
enum Brackets {
  /// For each opening bracket the index of its closing one, else -1.
  ///
  /// A closing bracket gives up the brackets of other kinds opened since its own; one that closes nothing is left alone.
  static func closers(of tokens: [Token]) -> [Int] {
    var closers = Array(repeating: -1, count: tokens.count)
    var open: [(index: Int, closer: Symbol)] = []
    var openCounts: [Symbol: Int] = [:]
    for (index, token) in tokens.enumerated() {
      guard case .symbol(let symbol) = token.kind else { continue }
      if let closer = symbol.closer {
        open.append((index, closer))
        openCounts[closer, default: 0] += 1
      } else if symbol.isCloser, openCounts[symbol, default: 0] > 0 {
        while let last = open.popLast() {
          openCounts[last.closer, default: 0] -= 1
          if last.closer == symbol {
            closers[last.index] = index
            break
          }
        }
      }
    }
    return closers
  }

  /// How many brackets are open at the end; none where one is closed by another's partner, which more
  /// text cannot mend.
  static func depth(atEndOf tokens: [Token]) -> Int? {
    var open: [Symbol] = []
    for case .symbol(let symbol) in tokens.map(\.kind) {
      if let closer = symbol.closer {
        open.append(closer)
      } else if symbol.isCloser, open.popLast() != symbol {
        return nil
      }
    }
    return open.count
  }
}

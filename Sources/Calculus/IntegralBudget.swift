import Tensors

/// How much one integral may compute, all integrals inside it included.
///
/// One budget serves integrals that lie within one another: what an inner one computes counts for the outermost.
package final class IntegralBudget {
  /// About a second of work; the graph of its derivatives takes 8 bytes for each number at the most.
  ///
  /// Units: those of `Work`.
  package static let usual = 200_000_000

  private let most: Int
  /// What `Work` may come to while the outermost integral is under way; nil where none is.
  private var end: Int?
  private var depth = 0

  /// What of it may go into looking between the places of a rule: about ten milliseconds of the usual.
  package var looking: Int

  package init(most: Int = usual) {
    self.most = most
    looking = most / 100
  }

  /// Whether what is under way lies within no other integral.
  var isOutermost: Bool { depth <= 1 }

  /// Throws: `CalculusError.tooLong` where all is spent, or would be by what is ahead.
  package func check(ahead: Int = 0) throws {
    if let end, Work.done > end - ahead { throw CalculusError.tooLong }
  }

  /// Begins to count, unless something around it has.
  package func within<Result>(_ integral: () throws -> Result) throws -> Result {
    if depth == 0 { end = Work.done + most }
    depth += 1
    defer {
      depth -= 1
      if depth == 0 { end = nil }
    }
    return try integral()
  }

  /// As much again for the next part of the outermost integral; an inner one gets no more.
  func renew() {
    if isOutermost { end = Work.done + most }
  }
}

import CKernels

/// How much this thread has computed so far: a number for each that an operation made, and some hundred
/// for the operation itself.
///
/// Counted and not timed, so that what is limited by it ends at the same place on every machine.
package enum Work {
  /// What an operation costs beside its numbers.
  static let ofOperation = 500

  package static var done: Int { Int(dg_work_done()) }

  package static func add(_ numbers: Int) { dg_work_add(Int64(numbers)) }

  /// Counts an operation that is about to make so many numbers.
  ///
  /// Throws: `TensorError.tooMuchWork` where a limit around it does not allow for them, and from then on.
  @inline(__always)
  static func begin(_ numbers: Int) throws {
    let cost = Int64(ofOperation + numbers)
    if cost > dg_work_end() - dg_work_done() { try refuse() }
    dg_work_add(cost)
  }

  private static func refuse() throws {
    dg_work_set_end(spent)
    throw TensorError.tooMuchWork
  }

  /// An end that nothing comes before.
  private static let spent: Int64 = -1

  /// Lets what is only tried compute so much and no more.
  ///
  /// A tensor that is larger is refused before it takes the memory. A limit within another cannot go beyond it.
  ///
  /// Throws: `TensorError.tooMuchWork` where it was not enough, even if somebody within took that for
  /// another failure.
  package static func limited<Result>(to most: Int, _ body: () throws -> Result) throws -> Result {
    let outer = dg_work_end()
    let end = dg_work_done() + Int64(most)
    dg_work_set_end(min(outer, end))
    defer { dg_work_set_end(outer) }
    let result = try body()
    if dg_work_end() == spent { throw TensorError.tooMuchWork }
    return result
  }
}

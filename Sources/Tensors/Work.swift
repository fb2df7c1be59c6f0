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
}

/// How many slips were tried, and how many of them a lesson notices.
package struct MutationTally: Equatable {
  package private(set) var tried = 0
  package private(set) var caught = 0
  package private(set) var diagnosed = 0

  /// Percent that are to be caught, and to be diagnosed; less and the lesson has a blind line.
  package static let bars = (caught: 98, diagnosed: 80)

  package init(_ results: [MutationRun.Result] = []) {
    for result in results { add(result.outcome) }
  }

  package mutating func add(_ outcome: MutationRun.Result.Outcome) {
    tried += 1
    if outcome.isCaught { caught += 1 }
    if outcome == .diagnosed { diagnosed += 1 }
  }

  package var meetsTheBars: Bool {
    100 * caught >= Self.bars.caught * tried && 100 * diagnosed >= Self.bars.diagnosed * tried
  }

  /// `143 of 145 slips caught (98.6 %, wanted 98), 130 diagnosed (89.7 %, wanted 80)`.
  package var text: String {
    "\(caught) of \(tried) slips caught (\(share(caught)) %, wanted \(Self.bars.caught)), "
      + "\(diagnosed) diagnosed (\(share(diagnosed)) %, wanted \(Self.bars.diagnosed))"
  }

  private func share(_ n: Int) -> String {
    // Rounded down: 97.96 % is less than 98.
    let tenths = tried == 0 ? 1000 : 1000 * n / tried
    return "\(tenths / 10).\(tenths % 10)"
  }
}

import Tensors

extension Interpreter {
  /// The names of a session, its generator and its checks at one moment.
  ///
  /// What is shared rather than copied (lists, records, params) is not part of it.
  package struct Snapshot {
    fileprivate let values: [String: Value]
    fileprivate let noise: Generator.State
    fileprivate let checks: CheckTally
    fileprivate let sites: Sites
  }

  package func snapshot() -> Snapshot {
    Snapshot(
      values: globals.cells.compactMapValues(\.value), noise: generator.state, checks: checks,
      sites: sites)
  }

  package func restore(_ snapshot: Snapshot) {
    for (name, cell) in globals.cells { cell.value = snapshot.values[name] }
    generator.state = snapshot.noise
    checks = snapshot.checks
    sites = snapshot.sites
  }
}

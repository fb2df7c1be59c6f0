/// Finds the name that a misspelt one was meant to be.
package enum DidYouMean {
  /// The candidate nearest to a name, if one is near enough; of equally near ones the first in order.
  ///
  /// Near are names that differ in case and underscores only, and those within one edit for every three
  /// characters: an edit inserts, removes or replaces a character or swaps two neighbours.
  package static func suggestion(
    for name: String, among candidates: some Sequence<String>
  ) -> String? {
    let wanted = Array(name)
    let folded = folded(name)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      let limit = min(best?.distance ?? .max, wanted.count / 3)
      let distance: Int
      if self.folded(candidate) == folded {
        distance = 0
      } else {
        let other = Array(candidate)
        guard abs(other.count - wanted.count) <= limit else { continue }
        distance = editDistance(wanted, other)
        guard distance <= limit else { continue }
      }
      if let best, (best.distance, best.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  private static func folded(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" }
  }

  /// Source: the restricted edit distance of Damerau and Levenshtein (optimal string alignment).
  private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for (j, b) in right.enumerated() {
        var cost = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}

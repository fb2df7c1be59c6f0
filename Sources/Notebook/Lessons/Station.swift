import Script

/// A stop on the way through a lesson: prose, and the cell that it leads to.
struct Station {
  /// What belongs to an exercise besides its question.
  struct Exercise {
    var hints: [Cell] = []
    var checks: [Cell] = []
    var solution: Cell?
  }

  var prose: [String] = []
  /// The code, or an exercise's starter; none where the lesson ends in prose.
  var cell: Cell?
  var exercise: Exercise?

  static func all(_ cells: [Cell]) -> [Station] {
    var stations: [Station] = []
    var next = Station()
    for cell in cells {
      // Without an exercise before it a check or a solution is code like any other.
      let isOpen = next.prose.isEmpty && stations.last?.exercise != nil
      switch cell.kind {
      case .markdown: next.prose.append(cell.prose)
      case .exercise:
        next.prose.append(cell.question)
        next.exercise = Exercise()
        fallthrough
      case .code:
        next.cell = cell
        stations.append(next)
        next = Station()
      case .hint: if isOpen { stations[stations.count - 1].exercise?.hints.append(cell) }
      case .check, .solution:
        guard isOpen else {
          next.cell = cell
          stations.append(next)
          next = Station()
          continue
        }
        if cell.kind == .check {
          stations[stations.count - 1].exercise?.checks.append(cell)
        } else {
          stations[stations.count - 1].exercise?.solution = cell
        }
      }
    }
    return next.prose.isEmpty ? stations : stations + [next]
  }
}

extension Cell {
  /// An exercise's title and prose.
  var question: String {
    [title.isEmpty ? "" : "## " + title, prose].filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

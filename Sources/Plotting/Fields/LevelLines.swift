/// The lines along which a field has one value.
///
/// In each cell of the grid a line enters and leaves through edges whose ends lie on two sides of the level.
/// Where all four edges are crossed, the value at the saddle between them says which corners belong together,
/// so that the lines agree with the interpolated field. A cell with a corner that is not a number has none.
///
/// Source: Lorensen and Cline, Marching cubes, 1987, in the plane; the saddle by Nielson and Hamann, The
/// asymptotic decider, 1991.
struct LevelLines {
  private let field: ScalarField
  private let level: Double
  /// Each segment joins the crossings of two edges: edge `2 * vertex` runs on along the row, the next one
  /// along the column.
  private var segments: [(from: Int, to: Int)] = []

  /// The lines of a level, each a path from crossing to crossing; a closed one ends where it began.
  static func paths(of field: ScalarField, at level: Double) -> [[Point]] {
    var lines = LevelLines(field: field, level: level)
    lines.march()
    return lines.joined()
  }

  private init(field: ScalarField, level: Double) {
    self.field = field
    self.level = level
  }

  private mutating func march() {
    for row in 0..<field.rows - 1 {
      for column in 0..<field.columns - 1 { cross(row, column) }
    }
  }

  private mutating func cross(_ row: Int, _ column: Int) {
    let (a, b) = (field[row, column], field[row, column + 1])
    let (c, d) = (field[row + 1, column + 1], field[row + 1, column])
    let corners =
      (a >= level ? 1 : 0) + (b >= level ? 2 : 0) + (c >= level ? 4 : 0) + (d >= level ? 8 : 0)
    guard corners != 0, corners != 15, !a.isNaN, !b.isNaN, !c.isNaN, !d.isNaN else { return }
    let vertex = row * field.columns + column
    let (bottom, left) = (2 * vertex, 2 * vertex + 1)
    let (right, top) = (2 * (vertex + 1) + 1, 2 * (vertex + field.columns))
    switch corners {
    case 1, 14: segments.append((left, bottom))
    case 2, 13: segments.append((bottom, right))
    case 3, 12: segments.append((left, right))
    case 4, 11: segments.append((right, top))
    case 6, 9: segments.append((bottom, top))
    case 7, 8: segments.append((left, top))
    default:
      // a and c on one side, b and d on the other.
      let saddle = (a * c - b * d) / (a + c - b - d)
      let middle = saddle.isFinite ? saddle : (a + b + c + d) / 4
      if (middle >= level) == (corners == 5) {
        segments += [(left, top), (bottom, right)]
      } else {
        segments += [(left, bottom), (right, top)]
      }
    }
  }

  /// The segments end to end: first the lines that begin and end at a border, then the closed ones.
  private func joined() -> [[Point]] {
    // The one or two segments that meet at each edge.
    var meeting = [(Int32, Int32)](repeating: (-1, -1), count: 2 * field.values.count)
    for (index, segment) in segments.enumerated() {
      for edge in [segment.from, segment.to] {
        if meeting[edge].0 < 0 {
          meeting[edge].0 = Int32(index)
        } else {
          meeting[edge].1 = Int32(index)
        }
      }
    }
    var isUsed = [Bool](repeating: false, count: segments.count)
    var paths: [[Point]] = []
    func follow(_ first: Int, from edge: Int) {
      var (segment, edge) = (first, edge)
      var path = [crossing(edge)]
      while segment >= 0, !isUsed[segment] {
        isUsed[segment] = true
        edge = segments[segment].from == edge ? segments[segment].to : segments[segment].from
        path.append(crossing(edge))
        segment = Int(meeting[edge].0 == segment ? meeting[edge].1 : meeting[edge].0)
      }
      paths.append(path)
    }
    for (index, segment) in segments.enumerated() where !isUsed[index] {
      if meeting[segment.from].1 < 0 {
        follow(index, from: segment.from)
      } else if meeting[segment.to].1 < 0 {
        follow(index, from: segment.to)
      }
    }
    for (index, segment) in segments.enumerated() where !isUsed[index] {
      follow(index, from: segment.from)
    }
    return paths
  }

  /// Where the level lies on an edge; at its finite end, where the other one is infinite.
  private func crossing(_ edge: Int) -> Point {
    let (row, column) = (edge / 2 / field.columns, edge / 2 % field.columns)
    let isUpright = edge % 2 == 1
    let from = field[row, column]
    let to = isUpright ? field[row + 1, column] : field[row, column + 1]
    let share: Double =
      switch (from.isInfinite, to.isInfinite) {
      case (false, false): (level - from) / (to - from)
      case (true, false): 1
      case (false, true): 0
      case (true, true): 0.5
      }
    func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    return isUpright
      ? Point(field.x[column], between(field.y[row], field.y[row + 1]))
      : Point(between(field.x[column], field.x[column + 1]), field.y[row])
  }
}

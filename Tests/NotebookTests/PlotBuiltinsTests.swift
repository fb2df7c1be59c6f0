import Testing

@testable import Notebook

@Suite struct PlotBuiltinsTests {
  /// The line of output that tells the last figure.
  private func figure(_ script: String) -> String {
    let bench = Bench()
    bench.run(script)
    #expect(bench.console.errors == "")
    return bench.console.output.split(separator: "\n").last.map(String.init) ?? ""
  }

  @Test func scatterDrawsPointsAndPutsElements() {
    #expect(figure("scatter [1, 2, 3], [4, 5, 6], label=\"a\"").contains("a: 3 points"))
    #expect(figure("scatter(zeros(3), 0, int([1]), [5])") == "[0, 5, 0]")
    #expect(figure("zeros(3).scatter(dim=0, index=int([1]), src=[5])") == "[0, 5, 0]")
  }

  @Test func aHistogramCountsAllElements() {
    #expect(
      figure("hist [[1, 2], [2, nan]], title=\"T\"")
        == "[figure 1: T. x from 0.5 to 2.5, count from 0 to 2. "
        + "histogram of 3 values in 2 bins from 0.5 to 2.5, highest 2 at 2, 1 not finite.]")
    #expect(
      figure("hist [0, 1, 2, 3], 2, range=(0, 4), density=true")
        == "[figure 1: x from 0 to 4, density from 0 to 0.25. "
        + "histogram of 4 values in 2 bins from 0 to 4, highest 0.25 at 1.]")
    #expect(
      figure("hist [0.5, 1.5, 1.5], bins=[0, 1, 2]")
        == "[figure 1: x from 0 to 2, count from 0 to 2. "
        + "histogram of 3 values in 2 bins from 0 to 2, highest 2 at 1.5.]")
  }

  @Test func aHistogramAddedContinuesTheBinsOfTheOneBefore() {
    let bench = Bench()
    bench.run("hist [0, 4, 8], bins=4, label=\"p\"\nhist [9, 10.5], label=\"q\", add=true")
    #expect(
      bench.console.output == "[figure 1: x from 0 to 12, count from 0 to 1. "
        + "p: histogram of 3 values in 4 bins from 0 to 8, highest 1 at 1. "
        + "q: histogram of 2 values in 2 bins from 8 to 12, highest 1 at 9.]\n")
  }

  @Test func contoursStandOverColumnsAndRows() {
    #expect(
      figure("contour [0, 1, 2], [0, 5], [[0, 1, 2], [2, 3, 4]], levels=[1.5, 3]")
        == "[figure 1: x from 0 to 2, y from 0 to 5. contours at 1.5, 3, values from 0 to 4.]")
    #expect(
      figure("contour [[0, 1, 2], [2, 3, 4]], levels=3, filled=true")
        == "[figure 1: x from 0 to 2, y from 0 to 1. contours at 1, 2, 3, values from 0 to 4.]")
  }

  @Test func contoursAloneLieAtTheMiddlesOfAHeatmapsCells() {
    #expect(
      figure(
        "heatmap [[0, 1], [2, 3]], extent=(0, 4, 0, 2)\ncontour [[0, 1], [2, 3]], levels=2, add=true"
      )
        == "[figure 1: x from 0 to 4, y from 0 to 2. heatmap of 2 rows and 2 columns, "
        + "values from 0 to 3. contours at 2, values from 0 to 3.]")
  }

  @Test func arrowsStandAtPointsOrOverAGrid() {
    #expect(
      figure("quiver [0, 1], [0, 2], [3, 0], [4, 1], label=\"F\"").contains(
        "F: 2 arrows, x from 0 to 1, y from 0 to 2, lengths from 1 to 5.]"))
    #expect(
      figure("quiver [0, 1, 2], [0, 1], ones(2, 3), zeros(2, 3)").contains(
        "6 arrows, x from 0 to 2, y from 0 to 1, lengths from 1 to 1.]"))
  }

  @Test func contoursWithoutALineSaySo() {
    let bench = Bench()
    bench.run("contour [[1, 1], [1, 1]]")
    #expect(bench.console.output.hasPrefix("contour: no contours, values from 1 to 1\n"))
  }

  @Test(arguments: [
    (
      "hist normal(0, 1)",
      "x: expected numbers, found a distribution\n%hint: draw some: `hist q.sample(1000)`"
    ),
    ("hist \"abc\"", "x: expected a tensor, found \"abc\""),
    ("hist [1, 2], bins=0", "bins: expected 1 to 10000 of them, found 0"),
    ("hist [1, 2], bins=2.5", "bins: expected a whole number, found 2.5"),
    ("hist [1, 2], bins=[3, 1]", "bins: expected two or more edges that rise, found 1 after 3"),
    ("hist [1, 2], bins=[1]", "bins: expected two or more edges that rise"),
    ("hist [1, 2], range=(2, 1)", "range: expected two numbers, the lesser first, found a tuple"),
    ("hist [1], bins=[0, 1], range=(0, 1)", "bins are edges already: leave out range"),
    ("contour [1, 2, 3]", "z: expected a matrix, z[i, j] at (x[j], y[i]), found shape [3]"),
    ("contour [[1, 2, 3]]", "z: expected at least 2 rows and 2 columns, found 1 x 3"),
    (
      "contour [1, 2], [1, 2], [[1, 2, 3], [4, 5, 6]]",
      "x: expected 3 numbers, one for each column of z [2, 3], found 2"
    ),
    (
      "contour [1, 3, 2], [1, 2], [[1, 2, 3], [4, 5, 6]]",
      "x: expected numbers that rise or fall all along, found 2 after 3"
    ),
    (
      "contour [1, 2], [[1, 2], [3, 4]]",
      "expected z alone, or x, y and z; found two of the three\n"
        + "%hint: `z = [[f(u, v) for u in x] for v in y]`, then `contour x, y, z`"
    ),
    ("contour [[1, 2], [3, 4]], levels=0", "levels: expected 1 to 100 of them, found 0"),
    (
      "contour [[1, 2], [3, 4]], levels=[nan]",
      "levels: expected 1 to 100 finite numbers, found nan"
    ),
    (
      "contour [[1, 2], [3, 4]], levels=0.5",
      "levels: expected how many, or a list of levels, found 0.5"
    ),
    (
      "quiver [0, 1], [0, 1], ones(2, 3), ones(2, 3)",
      "x: expected 3 numbers, one for each column of u [2, 3], found 2"
    ),
    (
      "quiver [0, 1], [0, 1], [1, 2], [1, 2, 3]",
      "u and v: expected the same shape, found [2] and [3]"
    ),
    (
      "quiver [0, 1], [0], [1, 2], [1, 2]",
      "x has 2 values and y has 1; an arrow needs one of each"
    ),
    (
      "contour sin",
      "z: expected a matrix, found a function\n"
        + "%hint: tabulate it: `z = [[sin(u, v) for u in x] for v in y]`"
    ),
  ])
  func wrongArgumentsAreNamedWhereTheyStand(script: String, message: String) {
    let bench = Bench()
    #expect(bench.run(script) == .failed)
    let command = script.prefix { $0 != " " }
    let parts = message.split(separator: "\n%", maxSplits: 1)
    let hint = parts.count > 1 ? "   \(parts[1])\n" : ""
    // What is wrong with an argument stands at its value: here x is the first, one by name the last of the line.
    let name = message.prefix { $0 != ":" }
    let label = script.firstRange(of: "\(name)=")?.upperBound
    let first = script.index(script.startIndex, offsetBy: command.count + 1)
    let start = label ?? (name == "x" ? first : script.startIndex)
    let column = script.distance(from: script.startIndex, to: start)
    let width =
      label.map { script[$0...].count }
      ?? (name == "x" ? firstArgument(script[first...]) : command.count)
    let mark =
      String(repeating: " ", count: column) + "^" + String(repeating: "~", count: width - 1)
    #expect(
      bench.console.errors
        == "test.dg:1:\(column + 1): \(command): \(parts[0])\n   \(script)\n   \(mark)\n\(hint)")
  }

  /// How many characters there are before the first comma outside brackets.
  private func firstArgument(_ text: Substring) -> Int {
    var depth = 0
    return text.prefix { c in
      depth += "([".contains(c) ? 1 : ")]".contains(c) ? -1 : 0
      return depth > 0 || c != ","
    }.count
  }
}

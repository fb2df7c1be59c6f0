/// A character drawn with a pen of even width.
///
/// Units: the baseline is y = 0, small letters reach 10, capitals and figures 14, descenders -4.5; y points up.
struct Glyph: Sendable {
  var advance: Double
  var strokes: [[Point]]
  /// Where the pen runs upright, and where level: the places worth aligning to whole pixels.
  var stems: [Double] = []
  var bars: [Double] = []

  /// A glyph from a path of blank-separated steps.
  ///
  /// `x,y` moves there in a straight line, `hx,y` and `vx,y` in a quarter ellipse that leaves level
  /// (horizontal) or upright (vertical), `qcx,cy,x,y` in a parabola with that control point. `/` lifts the pen;
  /// a stroke of one point is a dot.
  init?(advance: Double, path: String) {
    self.advance = advance
    strokes = []
    for stroke in path.split(separator: "/") {
      strokes.append([])
      for step in stroke.split(separator: " ") {
        guard take(step) else { return nil }
      }
    }
    guard strokes.allSatisfy({ !$0.isEmpty }) else { return nil }
    for stroke in strokes where stroke.count == 1 {
      stems.append(stroke[0].x)
      bars.append(stroke[0].y)
    }
  }

  private mutating func take(_ step: Substring) -> Bool {
    let kind = step.first.flatMap { "hvq".contains($0) ? $0 : nil }
    let numbers = (kind == nil ? step : step.dropFirst()).split(separator: ",").compactMap {
      Double($0)
    }
    guard let last = strokes.indices.last, numbers.count == (kind == "q" ? 4 : 2) else {
      return false
    }
    let end = Point(numbers[numbers.count - 2], numbers[numbers.count - 1])
    guard let start = strokes[last].last else {
      strokes[last] = [end]
      return kind == nil
    }
    switch kind {
    case "h":
      bars.append(start.y)
      stems.append(end.x)
      strokes[last] += quarter(from: start, to: end, leavingLevel: true)
    case "v":
      stems.append(start.x)
      bars.append(end.y)
      strokes[last] += quarter(from: start, to: end, leavingLevel: false)
    case "q":
      let control = Point(numbers[0], numbers[1])
      note(from: control, to: start)
      note(from: control, to: end)
      strokes[last] += (1...8).map { step in
        let t = Double(step) / 8
        return start * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + end * (t * t)
      }
    default:
      note(from: start, to: end)
      if start.x == end.x { stems.append(start.x) }
      strokes[last].append(end)
    }
    return true
  }

  /// Remembers the height or the place of the second point if the way there is level or upright.
  private mutating func note(from a: Point, to b: Point) {
    if a.y == b.y { bars.append(b.y) }
    if a.x == b.x { stems.append(b.x) }
  }

  private func quarter(from a: Point, to b: Point, leavingLevel: Bool) -> [Point] {
    zip(Glyph.sines.dropFirst(), Glyph.sines.reversed().dropFirst()).map { sine, cosine in
      leavingLevel
        ? Point(a.x + (b.x - a.x) * sine, b.y + (a.y - b.y) * cosine)
        : Point(b.x + (a.x - b.x) * cosine, a.y + (b.y - a.y) * sine)
    }
  }

  /// sin 0°, 11.25°, ..., 90° from square roots alone, which every machine rounds alike.
  private static let sines: [Double] = {
    func half(_ cosine: Double) -> (sine: Double, cosine: Double) {
      (((1 - cosine) / 2).squareRoot(), ((1 + cosine) / 2).squareRoot())
    }
    let r = 0.5.squareRoot()
    let a = half(r)
    let b = half(a.cosine)
    let c = (
      sine: a.sine * b.cosine + a.cosine * b.sine, cosine: b.cosine * a.cosine - a.sine * b.sine
    )
    return [0, b.sine, a.sine, c.sine, r, c.cosine, a.cosine, b.cosine, 1]
  }()

  /// The glyph shrunk and lifted, as a superscript or, with a negative lift, a subscript.
  func scaled(by factor: Double, lift: Double) -> Glyph {
    var glyph = self
    glyph.advance = advance * factor
    glyph.strokes = strokes.map { $0.map { Point($0.x * factor, $0.y * factor + lift) } }
    glyph.stems = stems.map { $0 * factor }
    glyph.bars = bars.map { $0 * factor + lift }
    return glyph
  }
}

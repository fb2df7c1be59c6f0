import CKernels
import Testing

/// Windows over a source whose every element is read by some window, the last one too.
struct TestWindows<T: KernelScalar> {
  let images: Int
  let height: Int
  let width: Int
  let line: Int
  let image: Int
  let rows: [Int]
  let source: [T]

  init(images: Int, height: Int, width: Int, gap: Int, rows: [Int], _ random: inout TestRandom) {
    (self.images, self.height, self.width, self.rows) = (images, height, width, rows)
    line = width + gap
    image = height * line + gap
    let last = (images - 1) * image + (height - 1) * line + width
    source = random.numbers(last + (rows.max() ?? 0))
  }

  /// Where each column of the matrix begins.
  var places: [Int] {
    (0..<images).flatMap { i in
      (0..<height).flatMap { h in (0..<width).map { i * image + h * line + $0 } }
    }
  }

  func withWindows(_ body: (UnsafeRawPointer?, dg_windows) -> Void) {
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe source.withUnsafeBufferPointer { source in
        let windows = unsafe dg_windows(
          count: rows.count, rows: rows.baseAddress, height: height, width: width, image: image,
          line: line, limit: source.count)
        unsafe body(UnsafeRawPointer(source.baseAddress), windows)
      }
    }
  }
}

/// An image to be split; its phases are the last ones of the stride.
struct TestSpread: Sendable {
  let image: (Int, Int)
  let stride: (Int, Int)
  let pad: (Int, Int)
  let phases: (Int, Int)
  let extent: (Int, Int)

  func withJob(_ body: (inout dg_spread) -> Void) {
    let down = (0..<phases.0).map { $0 + stride.0 - phases.0 }
    let across = (0..<phases.1).map { $0 + stride.1 - phases.1 }
    unsafe down.withUnsafeBufferPointer { down in
      unsafe across.withUnsafeBufferPointer { across in
        var job = unsafe dg_spread(
          height: image.0, width: image.1, stride_h: stride.0, stride_w: stride.1, pad_h: pad.0,
          pad_w: pad.1, phases_h: phases.0, phases_w: phases.1, residues_h: down.baseAddress,
          residues_w: across.baseAddress, rows: extent.0, columns: extent.1)
        unsafe body(&job)
      }
    }
  }
}

extension KernelTests {
  @Suite struct ConvolutionTests {
    static let spreads = [
      TestSpread(image: (5, 6), stride: (1, 1), pad: (1, 2), phases: (1, 1), extent: (7, 10)),
      TestSpread(image: (28, 30), stride: (2, 2), pad: (1, 1), phases: (2, 2), extent: (15, 16)),
      TestSpread(image: (9, 100), stride: (1, 2), pad: (0, -3), phases: (1, 2), extent: (9, 60)),
      TestSpread(image: (7, 8), stride: (3, 5), pad: (2, 0), phases: (3, 2), extent: (4, 2)),
      TestSpread(image: (1, 1), stride: (4, 4), pad: (6, 6), phases: (4, 1), extent: (3, 3)),
    ]

    @Test(arguments: spreads.indices) func everyPhaseOfAnImageLiesTogether(_ index: Int) {
      let s = Self.spreads[index]
      var random = TestRandom(state: 41)
      let x: [Double] = random.numbers(2 * s.image.0 * s.image.1)
      var expected: [Double] = []
      for plane in 0..<2 {
        for (h, w) in pairs(s.phases.0, s.phases.1) {
          for (i, j) in pairs(s.extent.0, s.extent.1) {
            let row = i * s.stride.0 + h + s.stride.0 - s.phases.0 - s.pad.0
            let column = j * s.stride.1 + w + s.stride.1 - s.phases.1 - s.pad.1
            let inside = (0..<s.image.0).contains(row) && (0..<s.image.1).contains(column)
            expected.append(inside ? x[(plane * s.image.0 + row) * s.image.1 + column] : 0)
          }
        }
      }
      KernelTests.withEachISA { isa in
        #expect(Double.spread(x, s, planes: 2) == expected, "\(isa)")
        #expect(
          Float.spread(x.map { Float($0) }, s, planes: 2) == expected.map { Float($0) }, "\(isa)")
      }
    }

    @Test(arguments: [1, 2, 3, 8], [1, 7, 40]) func phasesAreWovenIntoLines(
      _ stride: Int, _ width: Int
    ) {
      let (rows, images, lines, room) = (3, 2, 2, 3 * 2 * 2 * 40)
      var random = TestRandom(state: 42)
      let x: [Double] = random.numbers(stride * room)
      // y [images, rows, lines, width]
      var expected: [Double] = []
      for image in 0..<images {
        for (row, line) in pairs(rows, lines) {
          for i in 0..<width {
            let (r, columns) = (i % stride, (width - i % stride + stride - 1) / stride)
            expected.append(
              x[r * room + ((row * images + image) * lines + line) * columns + i / stride])
          }
        }
      }
      let job = dg_weave(
        rows: rows, images: images, lines: lines, width: width, stride: stride, phase: room,
        one_phase: 0,
        y_image: rows * lines * width, y_row: lines * width, y_line: width)
      KernelTests.withEachISA { isa in
        #expect(Double.weave(x, job, count: expected.count) == expected, "\(isa)")
        #expect(
          Float.weave(x.map { Float($0) }, job, count: expected.count)
            == expected.map { Float($0) }, "\(isa)")
      }
    }

    /// Grids narrower and wider than a vector and a panel, and more taps than a block of k has.
    static let grids = [
      (images: 3, height: 1, width: 1, gap: 0, taps: 3, m: 9),
      (images: 5, height: 4, width: 4, gap: 2, taps: 20, m: 13),
      (images: 2, height: 7, width: 7, gap: 1, taps: 5, m: 1),
      (images: 1, height: 3, width: 28, gap: 2, taps: 390, m: 2),
      (images: 2, height: 1, width: 101, gap: 3, taps: 2, m: 50),
      (images: 1, height: 2, width: 3, gap: 0, taps: 0, m: 2),
    ]

    @Test(arguments: grids.indices) func productsWithWindowsAreThoseOfTheStoredMatrix(
      _ index: Int
    ) {
      check(index, Double.self, 1e-12)
      check(index, Float.self, 1e-3)
    }

    private func check<T: KernelScalar>(_ index: Int, _ type: T.Type, _ tolerance: T) {
      let g = Self.grids[index]
      var random = TestRandom(state: 43)
      let rows = (0..<g.taps).map { $0 * 3 % 11 + ($0 / 9) * 5 }
      let w = TestWindows<T>(
        images: g.images, height: g.height, width: g.width, gap: g.gap, rows: rows, &random)
      let places = w.places
      let a: [T] = random.numbers(g.m * g.taps)
      let bias: [T] = random.numbers(g.m)
      let y: [T] = random.numbers(g.m * places.count)
      let product = pairs(g.m, places.count).map { i, j in
        rows.indices.reduce(bias[i]) { $0 + a[i * g.taps + $1] * w.source[rows[$1] + places[j]] }
      }
      // Of the lines in the middle, to begin and end within images.
      let lines = g.images * g.height > 2 ? 1..<g.images * g.height - 1 : 0..<g.images * g.height
      let area = g.height * g.width
      let weights = pairs(g.taps, g.m).map { r, o in
        (lines.lowerBound * g.width..<lines.upperBound * g.width).reduce(T(0)) { sum, place in
          let (image, own) = place.quotientAndRemainder(dividingBy: area)
          return sum + w.source[rows[r] + places[place]] * y[(image * g.m + o) * area + own]
        }
      }
      KernelTests.withEachISA { isa in
        let found = T.windowProduct(a, g.m, w, bias: bias)
        #expect(zip(found, product).allSatisfy { abs($0 - $1) < tolerance }, "\(isa)")
        let sums = T.windowWeights(w, y, outputs: g.m, lines: lines)
        #expect(zip(sums, weights).allSatisfy { abs($0 - $1) < tolerance }, "\(isa)")
      }
    }

    private func pairs(_ m: Int, _ n: Int) -> [(Int, Int)] {
      (0..<m).flatMap { i in (0..<n).map { (i, $0) } }
    }
  }
}

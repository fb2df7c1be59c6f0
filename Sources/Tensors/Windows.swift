/// Two numbers, one for the rows of an image and one for its columns.
package struct Pair: Equatable, Sendable {
  package let h: Int
  package let w: Int

  package init(_ h: Int, _ w: Int) {
    self.h = h
    self.w = w
  }

  /// One number for both, or one for each, of at least `least`.
  init(_ sizes: [Int], _ name: String, least: Int = 1) throws {
    guard sizes.count == 1 || sizes.count == 2, sizes.allSatisfy({ $0 >= least && $0 <= 1 << 24 })
    else {
      throw TensorError.argument(
        name, found: "\(sizes)", expected: "one number or two, of at least \(least)")
    }
    self.init(sizes[0], sizes[sizes.count - 1])
  }

  var product: Int { h * w }
}

/// How a window moves over an image.
struct Windows: Equatable {
  var kernel: Pair
  var stride = Pair(1, 1)
  /// Zeros before the first row and column; those after the last follow from the size of the result.
  var padding = Pair(0, 0)
  var dilation = Pair(1, 1)

  /// How many windows fit into an image with `padding` at both ends.
  func count(_ image: Pair, ceiling: Bool = false) throws -> Pair {
    func one(_ n: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      let room = n + 2 * p - d * (k - 1) - 1 + (ceiling ? s - 1 : 0)
      guard room >= 0 else { return 0 }
      let most = room / s + 1
      // None may begin in the padding after the last element.
      return ceiling && (most - 1) * s >= n + p ? most - 1 : most
    }
    let fit = Pair(
      one(image.h, kernel.h, stride.h, padding.h, dilation.h),
      one(image.w, kernel.w, stride.w, padding.w, dilation.w))
    guard fit.h > 0, fit.w > 0 else {
      throw TensorError.shape(
        try Shape([image.h, image.w]),
        expected: "an image of at least the kernel's size, \(kernel.h) x \(kernel.w)")
    }
    return fit
  }
}

/// How windows move along one dimension: where each tap of each window reads.
struct WindowAxis {
  /// Extents of the image and of the result.
  let before: Int
  let after: Int
  let kernel: Int
  let stride: Int
  let padding: Int
  let dilation: Int
  /// Elements of the image that are a stride apart are neighbours in one of its phases, where all of a tap's
  /// windows are neighbours, too: which phases the taps touch, counted from `origin`, and the extent of each.
  let phases: [Int]
  let extent: Int
  /// The first element that the first window reads; less than 0 in the padding.
  let origin: Int

  init(before: Int, after: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) {
    (self.before, self.after, self.kernel) = (before, after, kernel)
    (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    let starts = (0..<kernel).map { $0 * dilation - padding }.filter {
      WindowAxis.meets(first: $0, count: after, step: stride, extent: before)
    }
    let first = starts.min() ?? 0
    origin = first
    phases = Set(starts.map { ($0 - first) % stride }).sorted()
    extent = after + ((starts.max() ?? 0) - first) / stride
  }

  /// Whether `count` places, `step` apart, neither end before 0 nor begin at `extent` or beyond.
  private static func meets(first: Int, count: Int, step: Int, extent: Int) -> Bool {
    first < extent && first + (count - 1) * step >= 0
  }

  /// The phase that a tap reads, and where in it the first window does; nil if all it reads is padding.
  func place(_ tap: Int) -> (phase: Int, offset: Int)? {
    let start = tap * dilation - padding
    guard WindowAxis.meets(first: start, count: after, step: stride, extent: before),
      let phase = phases.firstIndex(of: (start - origin) % stride)
    else { return nil }
    return (phase, (start - origin) / stride)
  }

  /// Whether the image is its own and only phase.
  var isPlain: Bool { stride == 1 && origin == 0 && extent == before }

  // MARK: The transpose, which fills the image a phase at a time

  /// How many phases the image has.
  var imagePhases: Int { min(stride, before) }

  /// The phases that any result reaches: no more than there are taps, however long the stride.
  var reachedPhases: [Int] {
    let phases = (0..<kernel).map { tap in
      let start = (tap * dilation - padding) % stride
      return start < 0 ? start + stride : start
    }
    return Set(phases).filter { $0 < before && !taps($0).isEmpty }.sorted()
  }

  /// How many elements of the image leave `phase` when divided by the stride.
  func count(_ phase: Int) -> Int { max(0, (before - phase + stride - 1) / stride) }

  /// The taps through which results reach elements of a phase, each with the result that meets the phase's
  /// first element there (which may lie before the first or after the last).
  func taps(_ phase: Int) -> [(tap: Int, first: Int)] {
    let (quotient, remainder) = (phase + padding).quotientAndRemainder(dividingBy: stride)
    let count = count(phase)
    return (0..<kernel).compactMap { tap in
      let first = quotient - (tap * dilation - remainder) / stride
      guard tap * dilation % stride == remainder,
        WindowAxis.meets(first: first, count: count, step: 1, extent: after)
      else { return nil }
      return (tap, first)
    }
  }

  /// The results that the transpose reads: how many zeros come before the first, and their number with all.
  var results: (padding: Int, extent: Int) {
    var (low, high) = (0, 0)
    for phase in reachedPhases {
      for t in taps(phase) {
        low = min(low, t.first)
        high = max(high, t.first + count(phase) - 1)
      }
    }
    return (-low, high + 1 - low)
  }
}

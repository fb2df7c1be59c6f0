/// Images and sequences at another resolution, under PyTorch's names; [n, c, ...].
package struct Resampling: OperationFamily {
  package init() {}

  package let interpolate = Operation(
    "an image or a sequence at another size, or scale_factor times as large; mode nearest, linear (bilinear), bicubic or area",
    [
      .tensor("x"), .optionalSizes("size"), .optionalNumber("scale_factor"),
      .text("mode", "nearest"), .flag("align_corners"),
    ],
    examples: [
      Example([Domain.reals.of([2, 1, 2, 3])], ["scale_factor": .number(2)]),
      Example(
        [Domain.reals.of([1, 1, 3])], ["scale_factor": .number(2.3), "mode": .text("linear")]),
      Example([Domain.reals.of([1, 2, 4])], ["size": .sizes([3])]),
      Example(
        [Domain.reals.of([1, 2, 3, 2])], ["size": .sizes([5, 3]), "mode": .text("bilinear")]),
      Example(
        [Domain.reals.of([2, 1, 3])],
        [
          "scale_factor": .number(2), "mode": .text("linear"), "align_corners": .flag(true),
        ]),
      Example(
        [Domain.reals.of([1, 1, 3, 4])], ["size": .sizes([5, 3]), "mode": .text("bicubic")]),
    ],
    one: { a in
      let x = try a.tensor(0)
      guard x.rank >= 3 else {
        throw TensorError.shape(x.shape, expected: "[n, channels, length] or [n, channels, h, w]")
      }
      let kind = try Resampling.kind(a.text(3), isAligned: a.flag(4))
      let sizes = try Resampling.sizes(x.shape, a)
      if try a.text(3) == "bicubic", x.rank != 4 {
        throw TensorError.shape(x.shape, expected: "images [n, channels, h, w]")
      }
      // A scale that does not divide evenly still is the scale, as in PyTorch.
      let scale = try a.optionalNumber(2)
      if kind == .area { return try x.averaged(to: sizes, dims: sizes.count) }
      return try sizes.enumerated().reduce(x) { y, size in
        try y.resampled(2 + size.offset, to: size.element, kind, scale: scale)
      }
    })
  package let pixelShuffle = Operation(
    "channels become pixels: [.., c r^2, h, w] -> [.., c, h r, w r]",
    [.tensor("x"), .size("upscale_factor")],
    examples: [
      Example([Domain.reals.of([2, 4, 1, 2])], ["upscale_factor": .size(2)]),
      Example([Domain.reals.of([4, 1, 2])], ["upscale_factor": .size(2)]),
    ],
    one: { a in
      let (x, r) = (try a.tensor(0), try a.size(1))
      let d = x.rank - 3
      guard d >= 0, r > 0, r <= x.shape[d], x.shape[d] % (r * r) == 0 else {
        throw TensorError.shape(x.shape, expected: "[.., c * \(r)^2, h, w]")
      }
      let (batch, c, h, w) = (
        Array(x.shape.dims[..<d]), x.shape[d] / (r * r), x.shape[d + 1], x.shape[d + 2]
      )
      let n = x.shape.product(0..<d)
      return try x.reshaped(to: [n, c, r, r, h, w]).permuted([0, 1, 4, 2, 5, 3])
        .reshaped(to: batch + [c, h * r, w * r])
    })
  package let pixelUnshuffle = Operation(
    "pixels become channels, the squeeze of a flow: [.., c, h r, w r] -> [.., c r^2, h, w]",
    [.tensor("x"), .size("downscale_factor")],
    examples: [Example([Domain.reals.of([2, 1, 2, 4])], ["downscale_factor": .size(2)])],
    one: { a in
      let (x, r) = (try a.tensor(0), try a.size(1))
      let d = x.rank - 3
      guard d >= 0, r > 0, x.shape[d + 1] % r == 0, x.shape[d + 2] % r == 0 else {
        throw TensorError.shape(x.shape, expected: "[.., c, h * \(r), w * \(r)]")
      }
      let (batch, c, h, w) = (
        Array(x.shape.dims[..<d]), x.shape[d], x.shape[d + 1] / r, x.shape[d + 2] / r
      )
      let n = x.shape.product(0..<d)
      return try x.reshaped(to: [n, c, h, r, w, r]).permuted([0, 1, 3, 5, 2, 4])
        .reshaped(to: batch + [c * r * r, h, w])
    })

  private static func kind(_ mode: String, isAligned: Bool) throws -> Interpolation {
    switch mode {
    case "nearest" where isAligned:
      throw TensorError.argument(
        "align_corners", found: "true", expected: "false: only linear and cubic modes align corners"
      )
    case "nearest": return .nearest
    case "area": return .area
    case "linear", "bilinear": return isAligned ? .linearBetweenCorners : .linear
    case "bicubic": return isAligned ? .cubicBetweenCorners : .cubic
    default:
      throw TensorError.argument(
        "mode", found: "\"\(mode)\"",
        expected: "\"nearest\", \"linear\", \"bilinear\", \"bicubic\" or \"area\"")
    }
  }

  /// The extents asked for, one for each dimension after the channels.
  private static func sizes(_ shape: Shape, _ a: Arguments) throws -> [Int] {
    let old = Array(shape.dims.dropFirst(2))
    let (size, scale) = (try a.optionalSizes(1), try a.optionalNumber(2))
    let sizes: [Int]
    switch (size, scale) {
    case (let size?, nil): sizes = size.count == 1 ? old.map { _ in size[0] } : size
    case (nil, let scale?) where scale > 0 && scale < 1e6:
      sizes = old.map { Int((Double($0) * scale).rounded(.down)) }
    case (nil, let scale?):
      throw TensorError.argument("scale_factor", found: "\(scale)", expected: "a positive number")
    default:
      throw TensorError.argument(
        "size", found: size == nil ? "nothing" : "scale_factor too",
        expected: "either size or scale_factor")
    }
    guard sizes.count == old.count, sizes.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }), !old.contains(0)
    else {
      throw TensorError.argument(
        "size", found: "\(sizes)", expected: "\(old.count) positive sizes for \(shape)")
    }
    return sizes
  }
}

/// How the samples of a line at another resolution follow from the old ones.
private enum Interpolation {
  case nearest
  /// The means of the pixels that meet the new ones.
  case area
  /// Samples stand in the middle of their pixels.
  case linear
  /// The first and the last sample stay where they are.
  case linearBetweenCorners
  /// From four samples each.
  case cubic
  case cubicBetweenCorners

  var isCubic: Bool { self == .cubic || self == .cubicBetweenCorners }
  var isBetweenCorners: Bool { self == .linearBetweenCorners || self == .cubicBetweenCorners }
}

extension Tensor {
  fileprivate func resampled(
    _ dim: Int, to size: Int, _ kind: Interpolation, scale: Double?
  ) throws -> Tensor {
    let n = shape[dim]
    // As many stay the same whatever the scale, unless four meet in each: as in PyTorch.
    if size == n, !kind.isCubic { return self }
    if kind == .nearest {
      // So are twice as many pairs.
      let scale = size == 2 * n ? nil : scale
      let places = (0..<size).map { i in
        scale.map { Swift.min(Int(Double(i) / $0), n - 1) } ?? i * n / size
      }
      return try indexSelected(dim, Tensor(places))
    }
    let ratio = scale.map { 1 / $0 } ?? Double(n) / Double(size)
    let places = (0..<size).map { i -> Double in
      if !kind.isBetweenCorners { return (Double(i) + 0.5) * ratio - 0.5 }
      return size == 1 ? 0 : Double(i) * Double(n - 1) / Double(size - 1)
    }
    return kind.isCubic ? try cubic(dim, places) : try linear(dim, places)
  }

  /// Each new sample lies between two old ones.
  private func linear(_ dim: Int, _ places: [Double]) throws -> Tensor {
    let n = shape[dim]
    let places = places.map { Swift.min(Swift.max($0, 0), Double(n - 1)) }
    let left = places.map { Swift.min(Int($0), n - 1) }
    let right = left.map { Swift.min($0 + 1, n - 1) }
    let share = zip(places, left).map { $0 - Double($1) }
    return try weighted(dim, left, share.map { 1 - $0 }) + weighted(dim, right, share)
  }

  /// Each new sample follows from four old ones, two on either side; at the edges the last is repeated.
  ///
  /// Source: Keys (1981), "Cubic Convolution Interpolation for Digital Image Processing", equation 15 with
  /// a in place of -1/2; a = -3/4 as in PyTorch.
  private func cubic(_ dim: Int, _ places: [Double]) throws -> Tensor {
    let (n, a) = (shape[dim], -0.75)
    func weight(_ distance: Double) -> Double {
      let d = abs(distance)
      if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
      return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    }
    func term(_ tap: Double) throws -> Tensor {
      let taps = places.map { $0.rounded(.down) + tap }
      let inside = taps.map { Int(Swift.min(Swift.max($0, 0), Double(n - 1))) }
      return try weighted(dim, inside, zip(places, taps).map { weight($0 - $1) })
    }
    return try term(-1) + term(0) + term(1) + term(2)
  }

  /// The slices at these places along a dimension, each times its weight.
  private func weighted(_ dim: Int, _ places: [Int], _ weights: [Double]) throws -> Tensor {
    var extents = [Int](repeating: 1, count: rank)
    extents[dim] = places.count
    return try indexSelected(dim, Tensor(places))
      * Tensor(weights, Shape(extents), floating().dtype)
  }
}

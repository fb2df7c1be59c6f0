/// A picture of 8-bit red, green, blue and alpha, rows from top to bottom.
package struct PixelImage: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// Four bytes a pixel, `width * height` pixels.
  package private(set) var bytes: [UInt8]

  package init(width: Int, height: Int, filledWith colour: Colour = .clear) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    let pixel = [colour.red, colour.green, colour.blue, colour.alpha]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(self.width * self.height * 4)
    for _ in 0..<self.width * self.height { bytes.append(contentsOf: pixel) }
    self.bytes = bytes
  }

  package subscript(x: Int, y: Int) -> Colour {
    get {
      guard x >= 0, y >= 0, x < width, y < height else { return .clear }
      let i = (y * width + x) * 4
      return Colour(red: bytes[i], green: bytes[i + 1], blue: bytes[i + 2], alpha: bytes[i + 3])
    }
    set {
      guard x >= 0, y >= 0, x < width, y < height else { return }
      let i = (y * width + x) * 4
      bytes[i] = newValue.red
      bytes[i + 1] = newValue.green
      bytes[i + 2] = newValue.blue
      bytes[i + 3] = newValue.alpha
    }
  }

  /// Lays a colour over a pixel; coverage from 0 to 255 is the share of the pixel it takes.
  mutating func blend(_ colour: Colour, coverage: UInt8, x: Int, y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let a = (Int(coverage) * Int(colour.alpha) + 127) / 255
    guard a > 0 else { return }
    let i = (y * width + x) * 4
    let under = Int(bytes[i + 3])
    if under == 255 {
      bytes[i] = over(colour.red, bytes[i], a)
      bytes[i + 1] = over(colour.green, bytes[i + 1], a)
      bytes[i + 2] = over(colour.blue, bytes[i + 2], a)
      return
    }
    // Straight alpha: the colours weigh by what each contributes to the result's opacity.
    let rest = under * (255 - a) / 255
    let total = a + rest
    for (k, channel) in [colour.red, colour.green, colour.blue].enumerated() {
      bytes[i + k] = UInt8((Int(channel) * a + Int(bytes[i + k]) * rest + total / 2) / total)
    }
    bytes[i + 3] = UInt8(total)
  }

  private func over(_ top: UInt8, _ bottom: UInt8, _ a: Int) -> UInt8 {
    UInt8((Int(top) * a + Int(bottom) * (255 - a) + 127) / 255)
  }
}

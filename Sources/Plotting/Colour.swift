/// A colour of 8 bits a channel in sRGB, with straight alpha.
package struct Colour: Hashable, Sendable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8
  package var alpha: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  package init(_ rgb: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
      blue: UInt8(truncatingIfNeeded: rgb))
  }

  package init(grey: UInt8) {
    self.init(red: grey, green: grey, blue: grey)
  }

  /// A colour by name (`"orange"`), by place in the palette (`"C2"`) or in hexadecimal (`"#d55e00"`).
  package init(named name: String) throws(PlotError) {
    if let colour = Colour.names[name.lowercased()] {
      self = colour
    } else if name.hasPrefix("#"), name.utf8.count == 7,
      let rgb = UInt32(name.dropFirst(), radix: 16)
    {
      self.init(rgb)
    } else if name.hasPrefix("C"), let index = Int(name.dropFirst()), index >= 0 {
      self = Colour.series(index)
    } else {
      throw .unknownColour(name, known: Colour.names.keys.sorted())
    }
  }

  package static let clear = Colour(red: 0, green: 0, blue: 0, alpha: 0)
  package static let white = Colour(0xFFFFFF)
  package static let black = Colour(0x000000)

  /// The colour of the n-th series, told apart by colour-blind eyes.
  ///
  /// Source: Okabe and Ito, Color Universal Design, 2008; their yellow is too pale for lines on white.
  package static func series(_ index: Int) -> Colour {
    palette[((index % palette.count) + palette.count) % palette.count]
  }

  private static let palette = [
    Colour(0x0072B2), Colour(0xD55E00), Colour(0x009E73), Colour(0xCC79A7), Colour(0xE69F00),
    Colour(0x56B4E9), Colour(0x6B5B95), Colour(0x7F7F7F),
  ]

  private static let names: [String: Colour] = [
    "blue": series(0), "red": series(1), "green": series(2), "pink": series(3),
    "orange": series(4), "sky": series(5), "purple": series(6), "grey": series(7),
    "gray": series(7), "black": black, "white": white,
  ]

  func withOpacity(_ opacity: Double) -> Colour {
    var colour = self
    colour.alpha = UInt8(Double(alpha) * Swift.min(Swift.max(opacity, 0), 1))
    return colour
  }

  /// This colour seen through another's share of the way, from 0 to 1.
  func mixed(with other: Colour, _ share: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
    }
    return Colour(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
      alpha: mix(alpha, other.alpha))
  }

  /// Black or white, whichever stands out from this colour.
  var contrast: Colour { luminance > 128 ? .black : .white }

  /// Perceived lightness, 0 to 255.
  ///
  /// Source: ITU-R BT.601, its weights in thousandths.
  var luminance: Int { (299 * Int(red) + 587 * Int(green) + 114 * Int(blue) + 500) / 1000 }
}

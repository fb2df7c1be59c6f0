/// A continuous sequence of colours for values from 0 to 1.
package struct ColourMap: Equatable, Sendable {
  package let name: String
  private let stops: [Colour]

  private init(_ name: String, _ stops: [UInt32]) {
    self.init(name, stops.map { Colour($0) })
  }

  private init(_ name: String, _ stops: [Colour]) {
    self.name = name
    self.stops = stops
  }

  /// The colour map of a name.
  package init(named name: String) throws(PlotError) {
    guard let map = ColourMap.all.first(where: { $0.name == name }) else {
      throw .unknownColourMap(name, known: ColourMap.all.map(\.name))
    }
    self = map
  }

  /// Night blue through teal to pale yellow: lightness rises evenly, so it survives grey printing.
  package static let dusk = ColourMap(
    "dusk",
    [
      0x1B1340, 0x232B68, 0x234A82, 0x1F688A, 0x27858A, 0x46A183, 0x78BA78, 0xB3CF75, 0xF2E38B,
    ])

  /// Black to white.
  package static let grey = ColourMap("grey", [0x000000, 0xFFFFFF])

  /// Blue through white to red, for values around a middle.
  package static let diverging = ColourMap(
    "diverging",
    [
      0x1F4E8C, 0x4A7FB5, 0x86AFD3, 0xC3D8E8, 0xF7F6F4, 0xF0CDBB, 0xDD9A7E, 0xC1614B, 0x962C2B,
    ])

  /// The colours from the map's beginning up to a share of it, over the whole range of values.
  func darkest(_ share: Double) -> ColourMap {
    let count = stops.count
    return ColourMap(name, (0..<count).map { self(share * Double($0) / Double(count - 1)) })
  }

  package static let all = [dusk, grey, diverging]

  /// Where a value is not a number.
  static let missing = Colour(0xD5008F)

  package func callAsFunction(_ share: Double) -> Colour {
    guard !share.isNaN else { return ColourMap.missing }
    let position = Swift.min(Swift.max(share, 0), 1) * Double(stops.count - 1)
    let index = Swift.min(Int(position), stops.count - 2)
    return stops[index].mixed(with: stops[index + 1], position - Double(index))
  }
}

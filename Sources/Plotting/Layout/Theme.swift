/// The look of a figure in pixels.
///
/// Units: design units, before a figure's scale.
enum Theme {
  static let background = Colour.white
  static let ink = Colour(0x2B2B2B)
  static let faint = Colour(0x5A5A5A)
  static let axis = Colour(0x9A9A9A)
  static let grid = Colour(0xE9E9E9)
  static let legendEdge = Colour(0xD2D2D2)

  static let titleSize = 20.0
  static let labelSize = 16.0
  static let tickSize = 15.0
  /// The width of a pen stroke as a share of the text's size.
  static let strokeWeight = 0.088

  /// How opaque an area under a line is.
  static let areaOpacity = 0.35

  static let margin = 16.0
  static let gap = 8.0
  static let tickLength = 5.0
}

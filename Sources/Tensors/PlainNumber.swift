extension Double {
  /// The number as a person writes it: 2, not 2.0.
  package var plain: String {
    guard let whole = Int(exactly: self), abs(self) < 1e15 else { return "\(self)" }
    return "\(whole)"
  }
}

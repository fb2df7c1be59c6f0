extension Double {
  /// The number as a person writes it: 2, not 2.0.
  package var plain: String {
    guard let whole = Int(exactly: self), abs(self) < 1e15 else { return "\(self)" }
    return "\(whole)"
  }

  /// The same with no more digits than float32 has, where it comes from there: 0.1, not 0.10000000149.
  package var shortest: String {
    Double(Float(self)) == self ? (Double("\(Float(self))") ?? self).plain : plain
  }
}

/// Python's format mini-language, carried out.
package enum Formatting {
  package static func text(_ value: Double, _ format: FormatSpecification) -> String {
    NumberText.shortest(value)
  }
}

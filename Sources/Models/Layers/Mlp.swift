import Tensors

/// A multilayer perceptron: dense layers of the given widths, with an activation between them.
package enum Mlp: LayerFamily {
  package static let about = "dense layers of the given widths, with an activation between them"
  package static let settings = [
    Setting("widths", .widths), Setting("act", .layer, .activation("relu")),
  ]

  package static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer {
    let widths = try values.widths(0)
    guard widths.count >= 2, widths.allSatisfy({ $0 > 0 }) else {
      throw ModelError.setting(
        "widths", expected: "at least two positive whole numbers",
        found: SettingValues.Value.sizes(widths).text)
    }
    let activation = try values.layer(1)
    var layers: [any Layer] = []
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      if !layers.isEmpty { layers.append(activation) }
      layers.append(try Dense(inputs, outputs, generator))
    }
    return Sequential(layers)
  }
}

import Tensors

/// A function of a tensor with parameters of its own.
///
/// A layer has an identity: two uses of it share their parameters.
package protocol Layer: AnyObject {
  func apply(_ x: Tensor, _ generator: Generator) throws -> Tensor
  /// As one would write it: `dense(784, 400)`.
  var description: String { get }
  /// What training changes, without that of the children.
  var ownParameters: [NamedVariable] { get }
  /// What a checkpoint holds besides, such as running means, without that of the children.
  var ownBuffers: [NamedVariable] { get }
  var children: [(name: String, layer: any Layer)] { get }
  /// Whether it behaves as in training, where that makes a difference.
  var isTraining: Bool { get set }
}

/// A variable and its path in a model: `encoder.0.weight`.
package struct NamedVariable {
  package let name: String
  package let variable: Variable

  package init(_ name: String, _ variable: Variable) {
    self.name = name
    self.variable = variable
  }
}

extension Layer {
  package var ownParameters: [NamedVariable] { [] }
  package var ownBuffers: [NamedVariable] { [] }
  package var children: [(name: String, layer: any Layer)] { [] }
  package var isTraining: Bool {
    get { children.allSatisfy { $0.layer.isTraining } }
    set { for child in children { child.layer.isTraining = newValue } }
  }

  /// What training changes, the children's included, each once, in a stable order.
  package var parameters: [NamedVariable] { collected(\.ownParameters) }

  /// What a checkpoint holds besides the parameters, the children's included.
  package var buffers: [NamedVariable] { collected(\.ownBuffers) }

  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.variable.shape.count } }

  private func collected(_ own: (any Layer) -> [NamedVariable]) -> [NamedVariable] {
    var seen: Set<ObjectIdentifier> = []
    var all: [NamedVariable] = []
    func visit(_ layer: any Layer, _ path: String) {
      for p in own(layer) where seen.insert(ObjectIdentifier(p.variable)).inserted {
        all.append(NamedVariable(path + p.name, p.variable))
      }
      for child in layer.children { visit(child.layer, path + child.name + ".") }
    }
    visit(self, "")
    return all
  }

  /// One row for each layer without children: what a model shows of itself.
  package func summary(_ path: String = "") -> [LayerSummary] {
    if children.isEmpty {
      return [
        LayerSummary(
          path: path, description: description,
          shapes: ownParameters.map { ($0.name, $0.variable.shape) })
      ]
    }
    return children.flatMap {
      $0.layer.summary(path.isEmpty ? $0.name : "\(path).\($0.name)")
    }
  }
}

/// A row of a model's table: a layer, the shapes of its parameters and how many numbers these hold.
package struct LayerSummary {
  package let path: String
  package let description: String
  package let shapes: [(name: String, shape: Shape)]

  package var parameterCount: Int { shapes.reduce(0) { $0 + $1.shape.count } }
}

/// What a script's name makes a layer of.
package protocol LayerFamily: SendableMetatype {
  static var name: String { get }
  /// One line for the help.
  static var about: String { get }
  static var settings: [Setting] { get }
  /// A layer with fresh parameters.
  static func make(_ values: SettingValues, _ generator: Generator) throws -> any Layer
}

extension LayerFamily {
  /// `ConvTranspose` is `conv_transpose`.
  package static var name: String { String(snakeCase("\(Self.self)").drop { $0 == "_" }) }
}

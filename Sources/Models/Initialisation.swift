import Tensors

extension Generator {
  /// A variable of numbers from the uniform distribution between -bound and bound.
  func uniformVariable(_ dims: [Int], bound: Double) throws -> Variable {
    Variable(try uniform(Shape(dims)) * (2 * bound) - bound)
  }
}

/// PyTorch's bound for the weights and biases of dense layers and convolutions.
///
/// Source: LeCun, Bottou, Orr, Müller (1998), "Efficient BackProp", section 4.6, has the variance 1 / fanIn; PyTorch's
/// `nn.Linear` and `nn.Conv2d` take the bound 1 / sqrt(fanIn), which is a third of that variance.
func fanInBound(_ fanIn: Int) -> Double { 1 / Double(max(fanIn, 1)).squareRoot() }

import Tensors
import Testing

@testable import Models

@Suite struct OptimiserTests {
  private func variable(_ values: Double...) throws -> Variable {
    Variable(try Tensor(values, Shape([values.count]), .float64))
  }

  /// The gradient of this loss is 1, 2, 3...: c times the numbers from 1.
  private func loss(_ v: Variable, _ c: Double) throws -> Tensor {
    let slopes = try Tensor((1...v.shape.count).map { c * Double($0) }, v.shape, .float64)
    return try (v.tensor * slopes).sum()
  }

  @Test func theCatalogueListsEachFileOfItsFolder() throws {
    #expect(try sources("Optimisers") == OptimiserCatalogue.families.map { "\($0)" }.sorted())
    #expect(OptimiserCatalogue.families.map { $0.name } == ["adam", "adamw", "rmsprop", "sgd"])
  }

  @Test func adamFollowsItsEquations() throws {
    let v = try variable(1, -2)
    let opt = try Adam(
      [v],
      SettingValues(
        Adam.settings, [.number(0.1), .numbers([0.8, 0.9]), .number(1e-3), .number(0.01)]))
    var (x, m, s) = ([1.0, -2], [0.0, 0], [0.0, 0])
    for t in 1...3 {
      let c = Double(t) - 1.5
      try opt.step(loss(v, c))
      for i in 0..<2 {
        let g = c * Double(i + 1) + 0.01 * x[i]
        m[i] = 0.8 * m[i] + 0.2 * g
        s[i] = 0.9 * s[i] + 0.1 * g * g
        var (b1, b2) = (1.0, 1.0)
        for _ in 0..<t { (b1, b2) = (b1 * 0.8, b2 * 0.9) }
        x[i] -= 0.1 * (m[i] / (1 - b1)) / ((s[i] / (1 - b2)).squareRoot() + 1e-3)
      }
    }
    #expect(zip(v.tensor.values, x).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func adamWShrinksParametersAndStepsAsAdam() throws {
    let (v, w) = (try variable(1, -2), try variable(1, -2))
    let decaying = try AdamW(
      [v],
      SettingValues(
        AdamW.settings, [.number(0.1), .numbers([0.8, 0.9]), .number(1e-3), .number(0.2)]))
    let plain = try Adam(
      [w],
      SettingValues(
        Adam.settings, [.number(0.1), .numbers([0.8, 0.9]), .number(1e-3), .number(0)]))
    for t in 1...3 {
      let c = Double(t) - 1.5
      try decaying.step(loss(v, c))
      try w.assign(w.tensor.detached * (1 - 0.1 * 0.2))
      try plain.step(loss(w, c))
    }
    #expect(v.tensor.values == w.tensor.values)
  }

  @Test func rmspropFollowsItsEquations() throws {
    let v = try variable(1, -2)
    let opt = try Rmsprop(
      [v],
      SettingValues(
        Rmsprop.settings, [.number(0.1), .number(0.8), .number(1e-3), .number(0.01)]))
    var (x, s) = ([1.0, -2], [0.0, 0])
    for t in 1...3 {
      let c = Double(t) - 1.5
      try opt.step(loss(v, c))
      for i in 0..<2 {
        let g = c * Double(i + 1) + 0.01 * x[i]
        s[i] = 0.8 * s[i] + 0.2 * g * g
        x[i] -= 0.1 * g / (s[i].squareRoot() + 1e-3)
      }
    }
    #expect(zip(v.tensor.values, x).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test(arguments: [(0.0, 0.0, false), (0.9, 0.0, false), (0.9, 0.2, false), (0.9, 0.0, true)])
  func sgdFollowsItsEquations(_ momentum: Double, _ dampening: Double, _ nesterov: Bool) throws {
    let v = try variable(1, -2)
    let opt = try Sgd(
      [v],
      SettingValues(
        Sgd.settings,
        [.number(0.1), .number(momentum), .number(dampening), .number(0.01), .flag(nesterov)]))
    var (x, b) = ([1.0, -2], [0.0, 0])
    for t in 1...3 {
      let c = Double(t) - 1.5
      try opt.step(loss(v, c))
      for i in 0..<2 {
        let g = c * Double(i + 1) + 0.01 * x[i]
        b[i] = t == 1 ? g : momentum * b[i] + (1 - dampening) * g
        x[i] -= 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * b[i] : b[i])
      }
    }
    #expect(zip(v.tensor.values, x).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func aStepReturnsTheLossAndLowersIt() throws {
    let v = try variable(3, -4)
    let opt = try Adam([v], lr: 0.1)
    var losses: [Double] = []
    for _ in 0..<200 { losses.append(try opt.step(v.tensor.square().sum())) }
    #expect(losses[0] == 25 && (losses.last ?? 1) < 1e-2 && opt.steps == 200)
  }

  @Test func aVariableWithoutGradientStays() throws {
    let (v, w) = (try variable(1), try variable(5))
    try Adam([v, w], lr: 0.1).step(v.tensor.square().sum())
    #expect(w.tensor.values == [5] && v.tensor.values != [1])
  }

  @Test func clippingScalesAllGradientsTogether() throws {
    let (v, w) = (try variable(0), try variable(0))
    let opt = try Sgd([v, w], lr: 1)
    try opt.step((v.tensor * 3 + w.tensor * 4).sum(), clip: 1)
    #expect(abs(v.tensor[flat: 0] + 0.6) < 1e-15 && abs(w.tensor[flat: 0] + 0.8) < 1e-15)
    try opt.step((v.tensor * 0.3).sum(), clip: 1)
    #expect(abs(v.tensor[flat: 0] + 0.9) < 1e-15)
  }

  @Test func whatTrainingCannotUseIsRefused() throws {
    let v = try variable(1, 2)
    let opt = try Adam([v], lr: 0.1)
    try opt.step(v.tensor.sum())
    let before = v.tensor.values
    #expect(
      message { try opt.step((v.tensor - 5).log().sum()) }
        == "loss is nan at step 2: the parameters are left as they were")
    #expect(
      message { try opt.step(v.tensor) }
        == "expected a loss of a single number, found shape [2]: take its mean() or sum()")
    #expect(message { try opt.step(Tensor(1)) } == "the loss depends on none of the parameters")
    #expect(v.tensor.values == before)
    #expect(
      message { try Adam([v], lr: -1) } == "lr: expected a number of at least 0, found -1")
    #expect(
      message { try Adam([v], SettingValues(Adam.settings, [nil, .numbers([0.9])])) }
        == "betas: expected 2 numbers, found (0.9)")
  }

  @Test func aRecordedComputationKeepsTheOldParameters() throws {
    let v = try variable(2)
    let before = try v.tensor.square().sum()
    try Sgd([v], lr: 1).step(v.tensor.sum())
    #expect(v.tensor.values == [1])
    #expect(try before.gradientsOrZero([v.tensor])[0].values == [4])
  }

  @Test func trainingGoesOnFromItsMemory() throws {
    let kinds: [([Variable]) throws -> any Optimiser] = [
      { try Adam($0, lr: 0.1) }, { try Sgd($0, lr: 0.1, momentum: 0.9) },
    ]
    for make in kinds {
      let (v, w) = (try variable(1, 2), try variable(1, 2))
      let first = try make([v])
      for _ in 0..<3 { try first.step(v.tensor.square().sum()) }
      try w.assign(v.tensor)
      let second = try make([w])
      try second.recall(first.memory)
      try first.step(v.tensor.square().sum())
      try second.step(w.tensor.square().sum())
      #expect(v.tensor.values == w.tensor.values)
      #expect(
        message { try second.recall([("7.first", Tensor(0))]) }.hasPrefix("the checkpoint"))
    }
  }
}

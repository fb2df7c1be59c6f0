import CKernels
import Testing

extension KernelTests {
  @Suite struct OptimiserTests {
    private func near<T: KernelScalar>(_ found: [T], _ truth: [Double]) -> Bool {
      zip(found, truth).allSatisfy {
        abs(Double($0) - $1) <= 8 * Double(T.ulpOfOne) * max(1, abs($1))
      }
    }

    private func adam<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 51)
      for count in [1, 16, 37] {
        let start: [[T]] = [
          random.numbers(count), random.numbers(count), random.numbers(count),
          random.numbers(count, 0...1),
        ]
        let step = dg_adam_step(
          lr: 0.01, beta1: 0.9, beta2: 0.99, eps: 1e-3, weight_decay: 0.1, bias1: 0.271,
          bias2: 0.0297)
        var truth = start.map { $0.map { Double($0) } }
        for i in 0..<count {
          let g = truth[1][i] + step.weight_decay * truth[0][i]
          truth[2][i] = step.beta1 * truth[2][i] + (1 - step.beta1) * g
          truth[3][i] = step.beta2 * truth[3][i] + (1 - step.beta2) * g * g
          let root = truth[3][i].squareRoot() / step.bias2.squareRoot() + step.eps
          truth[0][i] -= step.lr / step.bias1 * truth[2][i] / root
        }
        KernelTests.withEachISA { isa in
          var state = start
          T.adam(&state, step)
          for q in 0..<4 { #expect(near(state[q], truth[q]), "\(isa) \(count) \(q)") }
        }
      }
    }

    @Test func adamFollowsItsFormula() {
      adam(Float.self)
      adam(Double.self)
    }

    private func sgd<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(state: 52)
      let start: [[T]] = [random.numbers(21), random.numbers(21), random.numbers(21)]
      for (momentum, nesterov, first) in [(0.0, 0, 0), (0.9, 0, 0), (0.9, 1, 0), (0.9, 1, 1)] {
        let step = dg_sgd_step(
          lr: 0.1, momentum: momentum, dampening: nesterov == 1 ? 0 : 0.3, weight_decay: 0.01,
          nesterov: Int32(nesterov), first: Int32(first))
        var truth = start.map { $0.map { Double($0) } }
        for i in 0..<21 {
          var d = truth[1][i] + 0.01 * truth[0][i]
          if momentum > 0 {
            let before = truth[2][i]
            truth[2][i] = first == 1 ? d : momentum * before + (1 - step.dampening) * d
            d = nesterov == 1 ? d + momentum * truth[2][i] : truth[2][i]
          }
          truth[0][i] -= 0.1 * d
        }
        KernelTests.withEachISA { isa in
          var state = start
          if first == 1 { state[2] = state[2].map { _ in .nan } }
          T.sgd(&state, step)
          #expect(near(state[0], truth[0]) && near(state[2], truth[2]), "\(isa) \(step)")
        }
      }
    }

    @Test func sgdFollowsItsFormula() {
      sgd(Float.self)
      sgd(Double.self)
    }
  }
}

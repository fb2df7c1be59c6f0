import Testing

@testable import Notebook

/// What `>>` makes of layers, operations and functions.
@Suite struct ChainTests {
  private func output(_ program: String) -> String {
    let bench = Bench()
    bench.run(program)
    return bench.console.output + bench.console.errors
  }

  @Test func operationsWithoutTheirTensorAreLayersOfTheChain() {
    let text = output(
      """
      net = dense(10, 64) >> leaky_relu(negative_slope=0.2) >> reshape(-1, 4, 4, 4) >> relu() >> max_pool2d(2)
      net
      net(rand(5, 10)).shape
      """)
    #expect(
      text == """
        0  dense(10, 64)                   weight [10, 64], bias [64]  704
        1  leaky_relu(negative_slope=0.2)
        2  reshape(-1, 4, 4, 4)
        3  relu()
        4  max_pool2d(2)
        704 parameters
        [5, 4, 2, 2]

        """)
  }

  @Test func flattenInAChainKeepsTheBatch() {
    #expect(
      output("(conv(1, 2, 3, padding=1) >> flatten)(rand(3, 1, 4, 4)).shape") == "[3, 32]\n")
    #expect(output("(relu >> flatten() >> dense(16, 2))(rand(3, 1, 4, 4)).shape") == "[3, 2]\n")
    #expect(output("flatten(rand(3, 4)).shape") == "[12]\n")
  }

  @Test func evalReachesTheLayersThatAFunctionUses() {
    let text = output(
      """
      inner = dense(4, 4) >> dropout(0.5)
      net = dense(2, 4) >> (x -> x + inner(x)) >> dense(4, 1)
      net.eval()
      check net([1, 2]) == net([1, 2])
      """)
    #expect(text == "1 check passed\n")
  }

  @Test func dropoutOfATensorIsApplied() {
    #expect(
      output("dropout(ones(3), p=0.0)\ndropout(ones(2), training=false)\ndropout(0.5)")
        == "[1, 1, 1]\n[1, 1]\ndropout(0.5)\n0 parameters\n")
  }

  @Test func aLayerTellsItsModeAndItsRunningMoments() {
    #expect(
      output(
        "b = batch_norm(2)\nb(randn(8, 2));\nb.training\nb.eval()\nb.training\nb.running_mean.shape"
      )
        == "true\nfalse\n[2]\n")
    #expect(output("(dense(2, 4) >> layer_norm(4))(ones(3, 2)).shape") == "[3, 4]\n")
  }
}

import Testing

@testable import Notebook

@Suite struct CheckpointTests {
  @Test func aFunctionWithLayersIsSavedAndRestored() {
    let bench = Bench()
    bench.run(
      """
      make() = {
          inner = dense(4, 4) >> batch_norm(4)
          dense(2, 4) >> (x -> x + inner(x)) >> dense(4, 1)
      }
      net = make()
      net(randn(8, 2));
      save net, "net.safetensors"
      other = make()
      load "net.safetensors", other
      net.eval(); other.eval()
      check net([[1, 2]]) == other([[1, 2]])
      """)
    #expect(bench.console.output + bench.console.errors == "1 check passed\n")
  }

  @Test func aModelOfOtherShapesIsRefused() {
    let bench = Bench()
    bench.run("save mlp(2, 3), \"m.safetensors\"\nload \"m.safetensors\", mlp(2, 4)")
    #expect(
      bench.console.errors.hasPrefix(
        "test.dg:2:1: load: 0.weight: expected shape [2, 4], found [2, 3] in the checkpoint"))
  }

  @Test func aShapeErrorNamesTheLayer() {
    let bench = Bench()
    bench.run("mlp(3, 4, 2)(ones(5))")
    #expect(
      bench.console.errors.hasPrefix(
        "test.dg:1:1: dense(3, 4): shapes do not fit: [5] @ [3, 4] needs 5 = 3"))
  }

  @Test func plainNumbersAreSavedToo() {
    let bench = Bench()
    bench.run(
      "save 3, \"x.npy\"\ncheck load(\"x.npy\") == 3\nsave {a: 1.5}, \"r.npz\"\ncheck load(\"r.npz\").a == 1.5"
    )
    #expect(bench.console.output + bench.console.errors == "2 checks passed\n")
  }

  @Test func theLayersOfANetworkAreItsElements() {
    let bench = Bench()
    let status = bench.run(
      """
      net = mlp(2, 3, 1)
      check len(net) == 3 and net[0].weight.shape == [2, 3] and net[-1].weight.shape == [3, 1]
      x = ones(4, 2)
      check net[2](net[:2](x)) == net(x)
      for layer in net { x = layer(x) }
      check x == net(ones(4, 2))
      dense(2, 3)[0]
      """)
    #expect(status == .failed)
    #expect(bench.console.output == "3 checks passed\n")
    #expect(bench.console.errors.contains("the layer dense(2, 3) has no elements"))
  }
}

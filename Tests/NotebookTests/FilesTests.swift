import Notebook
import Testing

@Suite struct FilesTests {
  @Test func imagesAreSavedAsAFolderOfPicturesAndComeBackInOrder() {
    let bench = Bench()
    let status = bench.run(
      """
      x = (1..12).reshape(12, 1, 1) * ones(12, 4, 5) / 12
      save x, "pictures/"
      y = load("pictures")
      check y.shape == x.shape
      check y ≈ x, atol=0.01
      save rand(2, 3, 4, 5), "colours/"
      check load("colours").shape == [2, 3, 4, 5]
      """)
    #expect(status == .fine, "\(bench.console.output) \(bench.console.errors)")
    #expect(bench.files.contents["pictures/07.png"] != nil)
    bench.run("save [1, 2], \"pictures/\"")
    #expect(
      bench.console.errors.contains(
        "pictures/ is a folder: expected images [n, h, w] or [n, c, h, w], found shape [2]"))
  }

  @Test func scatterIsAPictureAndTheOperationATensorsOwn() {
    let bench = Bench()
    let status = bench.run(
      """
      scatter [1, 2], [3, 4], title="points"
      check zeros(3).scatter(0, int([1]), [5]) == [0, 5, 0]
      """)
    #expect(status == .fine, "\(bench.console.errors)")
  }

  @Test func columnsGoIntoATable() {
    let bench = Bench()
    bench.run("save {x: [1, 2], y: [3, 4]}, \"t.csv\"\ncheck load(\"t.csv\") == [[1, 3], [2, 4]]")
    #expect(bench.console.output == "1 check passed\n")
  }

  @Test func aFigureIsSavedAsVectors() throws {
    let bench = Bench()
    bench.run("plot [1, 4, 9], title=\"a < b\"\nsave figure, \"f.svg\"")
    let text = String(decoding: try #require(bench.files.contents["f.svg"]), as: UTF8.self)
    #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
    #expect(text.contains(">a &lt; b</text>"))
    bench.run("show grid(rand(4, 8, 8))\nsave figure, \"g.svg\"")
    let images = String(decoding: try #require(bench.files.contents["g.svg"]), as: UTF8.self)
    #expect(images.contains("<image ") && images.contains("base64,iVBORw0KGgo"))
    bench.run("save figure, \"f.npy\"")
    #expect(bench.console.errors.contains("f.npy: a figure is saved as .png or .svg"))
  }

  @Test func aModelIsLoadedTheWayItIsSaved() {
    let bench = Bench()
    let status = bench.run(
      """
      a = mlp(2, 3, 1); b = mlp(2, 3, 1)
      save a, "m.safetensors"
      load b, "m.safetensors"
      check b(ones(1, 2)) == a(ones(1, 2))
      """)
    #expect(status == .fine, "\(bench.console.errors)")
    bench.run("load 3, 4")
    #expect(bench.console.errors.contains("load: name: expected a text, found 3"))
  }

  @Test func imagesWithoutAFolderSaysHowToGiveOne() {
    let bench = Bench()
    bench.run("save rand(2, 8, 8), \"samples\"")
    #expect(bench.console.errors.contains("or for images a folder's that ends in /"))
  }

  @Test(arguments: [
    ("load \"s.dgs\"", "sessions (.dgs) cannot be kept yet"),
    ("save session, \"s.dgs\"", "sessions cannot be saved yet"),
  ])
  func whatIsYetToComeIsSaidToBe(_ script: String, _ words: String) {
    let bench = Bench()
    bench.run(script)
    #expect(bench.console.errors.contains(words), "\(bench.console.errors)")
  }
}

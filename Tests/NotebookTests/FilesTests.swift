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

  @Test(arguments: [
    ("plot [1, 2]; save figure, \"f.svg\"", "figures cannot be saved as .svg yet"),
    ("load \"s.dgs\"", "sessions (.dgs) cannot be kept yet"),
    ("save session, \"s.dgs\"", "sessions cannot be saved yet"),
  ])
  func whatIsYetToComeIsSaidToBe(_ script: String, _ words: String) {
    let bench = Bench()
    bench.run(script)
    #expect(bench.console.errors.contains(words), "\(bench.console.errors)")
  }
}

import Formats
import Plotting

/// The figures of a session: shown when they are finished, and saved where a folder was given.
///
/// A figure is finished when the next one begins or the cell ends, so that what is added to it is seen
/// with it.
final class Gallery {
  private let world: World
  /// The folder of `--figures`, or none.
  private let folder: String?
  private(set) var last: Figure?
  private var isPending = false
  private var count = 0

  init(world: World, folder: String?) {
    self.world = world
    self.folder = folder
  }

  /// Begins a figure.
  func begin(_ figure: Figure) throws {
    try finish()
    last = figure
    isPending = true
  }

  /// Changes the last figure, which is then shown again; begins one where there is none.
  func change(_ body: (inout Figure) -> Void) {
    var figure = last ?? Figure()
    body(&figure)
    last = figure
    isPending = true
  }

  /// Shows the figure under way, if there is one, and saves it to the folder.
  func finish() throws {
    guard isPending, let figure = last else { return }
    isPending = false
    count += 1
    var saved: String?
    if let folder {
      let path = folder + "/" + fileName(figure)
      try world.files.makeFolder(folder)
      try world.files.save(figure.png(), to: path)
      saved = path
    }
    draw(figure)
    if let saved { world.console.write("saved as \(saved)\n") }
  }

  private func draw(_ figure: Figure) {
    let console = world.console
    let can = console.capabilities
    guard can.isTerminal else {
      console.write("[figure \(count): \(figure.description)]\n")
      return
    }
    let style = TextStyle(colours: can.colors.textColours)
    let rows = min(max(can.height - 4, 12), 24)
    let picture = figure.text(columns: min(can.width, 120), rows: rows, style: style)
    console.write(picture.ansi(style.colours) + "\n")
  }

  /// Its number and the words of its title, as in `03-held-out-elbo.png`.
  private func fileName(_ figure: Figure) -> String {
    let letters = figure.title.lowercased().map {
      $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-"
    }
    let name = String(letters).split(separator: "-").prefix(6).joined(separator: "-")
    let number = count < 10 ? "0\(count)" : "\(count)"
    return number + (name.isEmpty ? "" : "-" + name) + ".png"
  }
}

extension Figure {
  /// The figure as the bytes of a PNG file.
  func png() throws -> [UInt8] { try Self.png(pixels()) }

  /// The figure as the bytes of an SVG file.
  func svg() throws -> [UInt8] { Array(try svg(png: Self.png).utf8) }

  private static func png(_ image: PixelImage) throws -> [UInt8] {
    try PNG.encode(samples: image.bytes, height: image.height, width: image.width, channels: 4)
  }
}

extension Capabilities.Colors {
  fileprivate var textColours: TextColours {
    switch self {
    case .none: .none
    case .palette256: .ansi256
    case .trueColor: .trueColour
    }
  }
}

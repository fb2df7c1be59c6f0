import Script

/// Where a lesson stood, as a text that is kept from one day to the next.
///
/// The first line names the lesson as it was then, the second the station; each further one is an input, after the
/// number of its station, with `\n` for a line's end and `\\` for a backslash.
struct LessonPlace {
  var station: Int
  /// What was typed at each station.
  var inputs: [[String]]

  init(station: Int, inputs: [[String]]) {
    self.station = station
    self.inputs = inputs
  }

  /// Nil where the text is of another lesson, or of one that was changed since.
  init?(_ text: String, of source: Source) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2, lines[0] == Self.name(of: source), let station = Int(lines[1]),
      (0...100_000).contains(station)
    else { return nil }
    self.station = station
    inputs = [[String]](repeating: [], count: station + 1)
    for line in lines.dropFirst(2) where !line.isEmpty {
      guard let blank = line.firstIndex(of: " "), let i = Int(line[..<blank]),
        inputs.indices.contains(i)
      else { return nil }
      inputs[i].append(Self.decoded(line[line.index(after: blank)...]))
    }
  }

  func text(for source: Source) -> String {
    var lines = [Self.name(of: source), "\(station)"]
    for (i, texts) in inputs.enumerated() {
      lines += texts.map { "\(i) \(Self.encoded($0))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A sum of the lesson's bytes, by which a change of it is seen.
  ///
  /// Source: Fowler, Noll and Vo, the hash FNV-1a of 64 bits.
  private static func name(of source: Source) -> String {
    let sum = source.bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    return "lesson " + String(sum, radix: 16)
  }

  private static func encoded(_ text: String) -> String {
    text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }

  private static func decoded(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for letter in text {
      if !isEscaped, letter == "\\" {
        isEscaped = true
        continue
      }
      result.append(isEscaped && letter == "n" ? "\n" : letter)
      isEscaped = false
    }
    return result
  }
}

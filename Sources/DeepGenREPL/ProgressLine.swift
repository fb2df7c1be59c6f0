import Glibc
import Notebook
import Script

/// A progress bar as one line of text.
struct ProgressLine {
  /// Units: character cells.
  var width: Int
  var colors: Capabilities.Colors

  /// Units: `elapsed` in seconds.
  func text(_ progress: Progress, elapsed: Double) -> String {
    var parts: [String] = []
    let total = progress.total.flatMap { $0 > 0 ? $0 : nil }
    if let total {
      parts.append("\(progress.done)/\(total)")
      parts.append(clock(elapsed))
      if progress.done > 0, progress.done < total {
        let left = elapsed * Double(total - progress.done) / Double(progress.done)
        parts[1] += ", " + clock(left) + " left"
      }
    } else {
      parts += ["\(progress.done)", clock(elapsed)]
    }
    parts += progress.tracked.map { "\($0.name) \(fourDigits($0.value))" }

    // Some cells stay free for the ^C that the terminal writes there: it must not begin a new line.
    let room = max(width - 5, 0)
    var label = ""
    for part in parts where label.columns + part.columns + 2 <= room - 8 || label.isEmpty {
      label += (label.isEmpty ? "" : "  ") + part
    }
    guard let total else { return clipped(label, to: room) }
    let length = min(30, room - label.columns - 2)
    guard length >= 4 else { return clipped(label, to: room) }
    return bar(Double(progress.done) / Double(total), length: length) + "  " + label
  }

  private func bar(_ fraction: Double, length: Int) -> String {
    let filled = Int((min(max(fraction, 0), 1) * Double(length)).rounded())
    let (done, rest) = (String(repeating: "━", count: filled), length - filled)
    switch colors {
    case .none: return done + String(repeating: " ", count: rest)
    case .palette256, .trueColor:
      let ahead = String(repeating: "━", count: rest)
      return "\u{1b}[38;5;37m\(done)\u{1b}[38;5;240m\(ahead)\u{1b}[0m"
    }
  }
}

/// Minutes and seconds, `1:05`, or `2:01:05` with hours.
func clock(_ seconds: Double) -> String {
  let whole = seconds.isFinite ? Int(min(max(seconds, 0), 1e9).rounded()) : 0
  let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
  let (hours, minutes) = (whole / 3600, whole / 60 % 60)
  return hours > 0
    ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
}

/// A number with four significant digits.
func fourDigits(_ value: Double) -> String {
  var buffer = [CChar](repeating: 0, count: 32)
  // `%.4g` takes at most 11 characters; vsnprintf writes no more than the buffer holds.
  _ = unsafe withVaList([value]) { unsafe vsnprintf(&buffer, buffer.count, "%.4g", $0) }
  return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

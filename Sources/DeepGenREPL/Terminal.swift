import Glibc
import Notebook

/// The console of this process: standard output and error, and what they can show.
final class Terminal: Console {
  private let output: Output
  private let errors: Output
  private let isTerminal: Bool
  private let colors: Capabilities.Colors
  private let environment: Environment
  private var bar: Bar?

  /// A loop whose bar is due, or stands on the screen.
  private struct Bar {
    var start: Double
    var shown: Double
    var isVisible = false
    var latest: Progress
  }

  init(environment: Environment, noColor: Bool, plain: Bool, output: Output = .standard) {
    self.environment = environment
    self.output = output
    errors = .error
    isTerminal = output.isTerminal && !plain
    colors = isTerminal && !noColor ? environment.colors : .none
  }

  var capabilities: Capabilities {
    let size = terminalSize(output.descriptor)
    return Capabilities(
      isTerminal: isTerminal, width: size?.width ?? environment.columns ?? 80,
      height: size?.height ?? 24, colors: colors)
  }

  func write(_ text: String) {
    hideBar()
    output.write(text)
  }

  func writeHeading(_ text: String) {
    write(colors == .none ? text + "\n" : "\u{1b}[1m\(text)\u{1b}[0m\n")
  }

  func writeError(_ text: String) {
    hideBar()
    errors.write(errors.isTerminal && colors != .none ? text : withoutEscapes(text))
  }

  func show(_ progress: Progress) {
    // A terminal that knows no escape sequences cannot clear a line.
    guard isTerminal, environment.hasEscapes else { return }
    let now = monotonicSeconds()
    var current = bar ?? Bar(start: now, shown: now, latest: progress)
    if progress.done < current.latest.done {
      current = Bar(start: now, shown: now, isVisible: current.isVisible, latest: progress)
    }
    current.latest = progress
    // Ten a second; the first after a tenth, so that quick loops do not flicker.
    if now - current.shown >= 0.1 {
      let capabilities = capabilities
      let line = ProgressLine(width: capabilities.width, colors: capabilities.colors)
      output.write("\r" + line.text(progress, elapsed: now - current.start) + "\u{1b}[K")
      current.shown = now
      current.isVisible = true
    }
    bar = current
  }

  func endProgress() {
    hideBar()
    bar = nil
  }

  private func hideBar() {
    guard bar?.isVisible == true else { return }
    output.write("\r\u{1b}[K")
    bar?.isVisible = false
  }
}

/// What the environment variables say about the terminal.
struct Environment {
  var variables: [String: String]

  /// Reads the environment of this process.
  static var current: Environment {
    var variables: [String: String] = [:]
    for name in ["TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "HOME", "XDG_STATE_HOME"]
      + ["DEEPGEN_HISTORY", "DEEPGEN_DATA"]
    {
      if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
    }
    return Environment(variables: variables)
  }

  /// A variable that is set to nothing counts as not set.
  subscript(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  var hasEscapes: Bool { self["TERM"].map { $0 != "dumb" && $0 != "unknown" } ?? false }

  var columns: Int? {
    self["COLUMNS"].flatMap { Int($0) }.flatMap { (10...10_000).contains($0) ? $0 : nil }
  }

  /// Source: https://no-color.org, and COLORTERM as terminals set it.
  var colors: Capabilities.Colors {
    guard self["NO_COLOR"] == nil, hasEscapes else { return .none }
    switch self["COLORTERM"] {
    case "truecolor", "24bit": return .trueColor
    default: return .palette256
    }
  }
}

/// The size of the window behind a descriptor, in character cells; none where there is no window.
func terminalSize(_ descriptor: Int32) -> (width: Int, height: Int)? {
  var size = winsize()
  guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
  else { return nil }
  return (Int(size.ws_col), Int(size.ws_row))
}

/// A text without the escape sequences that colour it.
func withoutEscapes(_ text: String) -> String {
  guard text.utf8.contains(0x1b) else { return text }
  var result = String.UnicodeScalarView()
  var isInside = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1b}" {
      isInside = true
    } else if !isInside {
      result.append(scalar)
    } else if ("@"..."~").contains(scalar) && scalar != "[" {
      isInside = false
    }
  }
  return String(result)
}

/// Units: seconds, from an arbitrary start.
func monotonicSeconds() -> Double {
  var now = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}

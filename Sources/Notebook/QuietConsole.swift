/// A console that nobody looks at.
final class QuietConsole: Console {
  let capabilities = Capabilities(width: 120)

  func write(_ text: String) {}
  func writeHeading(_ text: String) {}
  func writeError(_ text: String) {}
  func show(_ progress: Progress) {}
  func endProgress() {}
}

/// A console that nobody looks at.
final class QuietConsole: Console {
  let capabilities = Capabilities(width: 120)

  func write(_ text: String) {}
  func writeHeading(_ text: String) {}
  func writeError(_ text: String) {}
  func show(_ progress: Progress) {}
  func endProgress() {}
}

/// A console that can be told to say nothing for a while.
package final class MutableConsole: Console {
  package var isMuted = false
  private let console: any Console

  package init(_ console: any Console) { self.console = console }

  package var capabilities: Capabilities { console.capabilities }
  package func write(_ text: String) { if !isMuted { console.write(text) } }
  package func writeHeading(_ text: String) { if !isMuted { console.writeHeading(text) } }
  package func writeError(_ text: String) { if !isMuted { console.writeError(text) } }
  package func show(_ progress: Progress) { if !isMuted { console.show(progress) } }
  package func endProgress() { if !isMuted { console.endProgress() } }
}

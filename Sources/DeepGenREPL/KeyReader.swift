import CEditline
import Glibc

/// Reads what is typed, one character at a time, and wakes up for signals.
struct KeyReader {
  enum Key: Equatable {
    case character(Unicode.Scalar)
    case signal(Int32)
    case end
  }

  private let descriptor: Int32
  private var bytes: ArraySlice<UInt8> = []
  private var decoder = ScalarDecoder()
  private var decoded: [Unicode.Scalar] = []

  init(descriptor: Int32) { self.descriptor = descriptor }

  mutating func next() -> Key {
    while true {
      // Ctrl-C overtakes what was typed just before or after it.
      if Signals.take(SIGINT) { return .signal(SIGINT) }
      if !decoded.isEmpty { return .character(decoded.removeFirst()) }
      if let byte = bytes.popFirst() {
        decoded = decoder.push(byte)
        continue
      }
      if let key = fill() { return key }
    }
  }

  /// Forgets what was typed ahead.
  mutating func discard() {
    bytes = []
    decoded = []
    decoder = ScalarDecoder()
  }

  /// Waits for bytes; the result is what came instead of them.
  private mutating func fill() -> Key? {
    // Blocked from here to the wait, so that a signal between the two is not slept through.
    var blocked = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&blocked)
    for signal in Signals.atPrompt { unsafe sigaddset(&blocked, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    while true {
      for signal in Signals.atPrompt where Signals.take(signal) { return .signal(signal) }
      if unsafe editline_wait(descriptor, &before) < 0 {
        if errno == EINTR { continue }
        return .end
      }
      let capacity = 4096
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        // The buffer has the capacity asked for.
        count = unsafe max(0, read(descriptor, buffer.baseAddress, capacity))
      }
      if chunk.isEmpty { return .end }
      bytes = chunk[...]
      return nil
    }
  }
}

/// Turns bytes into characters as they come; what is not UTF-8 becomes U+FFFD.
struct ScalarDecoder {
  /// The beginning of a character.
  private var begun: [UInt8] = []

  mutating func push(_ byte: UInt8) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    if !begun.isEmpty, byte & 0xC0 != 0x80 {
      begun = []
      result.append("\u{fffd}")
    }
    begun.append(byte)
    if begun.count == length(of: begun[0]) {
      let text = String(decoding: begun, as: UTF8.self)
      result.append(text.unicodeScalars.count == 1 ? text.unicodeScalars.first ?? " " : "\u{fffd}")
      begun = []
    }
    return result
  }

  private func length(of first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}

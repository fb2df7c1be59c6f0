import Glibc

/// One of the two output streams, unbuffered, so that what is written to both stays in order.
struct Output {
  static let standard = Output(descriptor: STDOUT_FILENO, name: "standard output")
  static let error = Output(descriptor: STDERR_FILENO, name: "standard error")

  let descriptor: Int32
  let name: String

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Writes all of it; without a reader the program ends quietly, on a full disk with a message.
  func write(_ text: String) {
    var text = text
    let failure = text.withUTF8 { bytes in
      unsafe writeAll(UnsafeRawBufferPointer(bytes), to: descriptor)
    }
    guard failure != 0 else { return }
    // As if SIGPIPE had ended us, which it does unless the parent process had it ignored.
    if failure == EPIPE { exit(141) }
    guard descriptor != STDERR_FILENO else { exit(2) }
    Output.error.write("cannot write to \(name): \(systemMessage(failure))\n")
    exit(2)
  }
}

/// Writes every byte, through interruptions and short writes; the result is 0 or an errno.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var start = 0
  while start < bytes.count {
    // The rebased slice stays within `bytes`, since `start` is below its count.
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
    let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
    if count > 0 {
      start += count
    } else if errno == EAGAIN {
      var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&wait, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}

/// The system's words for an errno.
func systemMessage(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text)
}

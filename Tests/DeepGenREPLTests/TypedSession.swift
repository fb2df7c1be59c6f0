import Glibc

/// The program at a terminal of its own, with somebody who types and reads.
@safe final class TypedSession {
  /// What a test waits for and does not get.
  struct Silence: Error, CustomStringConvertible {
    let wanted: String
    let shown: String
    var description: String { "expected \(wanted), the terminal shows:\n\(shown)" }
  }

  static let interrupt = "\u{3}"
  static let endOfInput = "\u{4}"

  private var keyboard: Int32
  private let process: pid_t
  /// All that has come, and how much of it earlier waits have passed over.
  private(set) var shown = ""
  private var seen = 0
  private var status: Int32?

  /// Started as a shell would: in a session of its own, whose keyboard's Ctrl-C reaches it.
  init(_ arguments: [String] = []) throws {
    keyboard = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // Glibc hides posix_openpt and what goes with it; these are its requests, of ioctl_tty(2).
    let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))
    var (locked, index) = (Int32(0), Int32(0))
    guard keyboard >= 0, unsafe ioctl(keyboard, unlock, &locked) == 0,
      unsafe ioctl(keyboard, number, &index) == 0
    else { throw Silence(wanted: "a pseudo-terminal", shown: "") }
    let name = "/dev/pts/\(index)"

    var files = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&files)
    defer { unsafe posix_spawn_file_actions_destroy(&files) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      unsafe posix_spawn_file_actions_addopen(&files, descriptor, name, O_RDWR, 0)
    }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    // Glibc hides POSIX_SPAWN_SETSID behind _GNU_SOURCE.
    let newSession: Int32 = 0x80
    let flags = newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

    let words = [Self.program, "--no-color", "--history", "/dev/null"] + arguments
    let environment = ["TERM=xterm", "COLUMNS=80", "LINES=24", "LC_ALL=C.UTF-8"]
    var argv = unsafe words.map { unsafe strdup($0) } + [nil]
    var envp = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { for i in unsafe argv.indices { unsafe free(argv[i]) } }
    defer { for i in unsafe envp.indices { unsafe free(envp[i]) } }
    var process: pid_t = 0
    guard unsafe posix_spawn(&process, Self.program, &files, &attributes, &argv, &envp) == 0 else {
      close(keyboard)
      throw Silence(wanted: "a program at \(Self.program)", shown: "")
    }
    self.process = process
  }

  deinit {
    if keyboard >= 0 { close(keyboard) }
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// The program that was built together with the tests.
  private static let program: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    let end = bundle.lastIndex(of: "/") ?? bundle.startIndex
    return bundle[..<end] + "/deepgen-repl"
  }()

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe write(keyboard, bytes, bytes.count)
  }

  /// Types a line once there is a prompt.
  func enter(_ line: String) throws {
    try waitForPrompt()
    type(line + "\n")
  }

  /// The editor writes its prompt a moment before it takes the keyboard over from the terminal.
  func waitForPrompt() throws {
    try wait(for: "dg> ")
    var settings = termios()
    for _ in 0..<2000 {
      unsafe tcgetattr(keyboard, &settings)
      if settings.c_lflag & tcflag_t(ECHO) == 0 { return }
      usleep(10_000)
    }
    throw Silence(wanted: "an editor that reads keys", shown: shown)
  }

  /// Waits until a text stands behind what has been waited for before.
  func wait(for text: String) throws {
    let wanted = Array(text.utf8)
    while true {
      let bytes = Array(shown.utf8)
      if let start = (seen..<max(seen, bytes.count - wanted.count + 1)).first(where: {
        Array(bytes[$0..<($0 + wanted.count)]) == wanted
      }) {
        seen = start + wanted.count
        return
      }
      guard readMore() else { throw Silence(wanted: "\"\(text)\"", shown: shown) }
    }
  }

  /// Waits for the program to end, and gives its exit status, or minus the signal that ended it.
  func end() throws -> Int32 {
    while readMore() {}
    return try outcome()
  }

  /// Takes the terminal away, and waits for the program to end.
  func hangUp() throws -> Int32 {
    close(keyboard)
    keyboard = -1
    return try outcome()
  }

  private func outcome() throws -> Int32 {
    if let status { return status }
    var word: Int32 = 0
    for _ in 0..<2000 {
      if unsafe waitpid(process, &word, WNOHANG) == process {
        let signal = word & 0x7f
        let found = signal == 0 ? word >> 8 & 0xff : -signal
        status = found
        return found
      }
      usleep(10_000)
    }
    throw Silence(wanted: "the program to end", shown: shown)
  }

  /// Reads what comes within twenty seconds; false where nothing does any more.
  private func readMore() -> Bool {
    var poll = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
    guard unsafe Glibc.poll(&poll, 1, 20_000) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 4096)
    // The array has as many bytes as are asked for.
    let count = unsafe read(keyboard, &bytes, bytes.count)
    guard count > 0 else { return false }
    shown += String(decoding: bytes[..<count], as: UTF8.self)
    return true
  }
}

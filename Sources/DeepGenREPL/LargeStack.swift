import Glibc

/// Runs `body` to its end on a thread with a stack large enough for deeply nested scripts.
///
/// The memory is only reserved; where even that is refused, half of it is asked for, and so on. The body is
/// told how many bytes it may use.
func withLargeStack(bytes: Int = 512 << 20, _ body: @escaping (Int) -> Void) {
  let reserve = 2 << 20
  var size = bytes
  while size >= 8 << 20 {
    let usable = size - reserve
    let box = unsafe Unmanaged.passRetained(StackBody { body(usable) })
    var attributes = pthread_attr_t()
    guard unsafe pthread_attr_init(&attributes) == 0 else {
      unsafe box.release()
      break
    }
    defer { unsafe pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let started =
      unsafe pthread_attr_setstacksize(&attributes, size) == 0
      && pthread_create(
        &thread, &attributes,
        { argument in
          // The argument is the box retained above, given to exactly one thread.
          if let argument = unsafe argument {
            unsafe Unmanaged<StackBody>.fromOpaque(argument).takeRetainedValue().run()
          }
          return nil
        }, box.toOpaque()) == 0
    if started {
      pthread_join(thread, nil)
      return
    }
    unsafe box.release()
    size /= 2
  }
  body(4 << 20)
}

private final class StackBody {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}

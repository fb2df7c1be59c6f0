import Glibc

/// Runs `body` to its end on a thread with a stack large enough for deeply nested scripts.
///
/// The memory is only reserved; where even that is refused, half of it is asked for, and so on.
func withLargeStack(bytes: Int = 512 << 20, _ body: @escaping () -> Void) {
  let box = unsafe Unmanaged.passRetained(StackBody(run: body))
  var size = bytes
  while size >= 8 << 20 {
    var attributes = pthread_attr_t()
    guard unsafe pthread_attr_init(&attributes) == 0 else { break }
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
    size /= 2
  }
  unsafe box.takeRetainedValue().run()
}

private final class StackBody {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}

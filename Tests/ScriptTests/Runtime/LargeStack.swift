import Glibc

/// What `body` gives, worked out on a thread with 64 MiB of stack: those of the tests have far less.
func onLargeStack<Result>(_ body: @escaping () -> Result) -> Result? {
  var result: Result?
  let box = unsafe Unmanaged.passRetained(Work { result = body() })
  var attributes = pthread_attr_t()
  unsafe pthread_attr_init(&attributes)
  defer { unsafe pthread_attr_destroy(&attributes) }
  unsafe pthread_attr_setstacksize(&attributes, 64 << 20)
  var thread = pthread_t()
  let failure = unsafe pthread_create(
    &thread, &attributes,
    { argument in
      // The argument is the box retained above, given to exactly one thread.
      if let argument = unsafe argument {
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
      }
      return nil
    }, box.toOpaque())
  guard failure == 0 else { return nil }
  pthread_join(thread, nil)
  return result
}

private final class Work {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}

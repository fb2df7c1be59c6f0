import Synchronization

enum Interrupt {
  private static let flag = Atomic<Bool>(false)
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
  static func request() { flag.store(true, ordering: .relaxed) }
  static func clear() { flag.store(false, ordering: .relaxed) }
}

import Testing

@testable import Tensors

struct AllocatorTests {
  @Test func aSizeClassHoldsTheRequestAndWastesAtMostAQuarter() {
    var last = (index: 0, bytes: 0)
    for n in Array(1...5000) + [65_535, 65_536, 65_537, 1 << 30, (1 << 30) + 1] {
      let found = Allocator.sizeClass(n)
      #expect(found.bytes >= n)
      #expect(found.bytes % 64 == 0)
      #expect(Double(found.bytes) <= max(1.25 * Double(n), Double(n) + 64))
      // One class has one size.
      #expect((found.index == last.index) == (found.bytes == last.bytes))
      last = found
    }
  }

  @Test func aTensorTooLargeForMemoryIsRefusedWithTheSizeItWouldNeed() throws {
    let shape = try Shape([1 << 20, 1 << 20])
    do {
      _ = try Tensor.zeros(shape)
      Issue.record("4 TB were found")
    } catch let error as TensorError {
      #expect(error.message.hasPrefix("this would need 4.4 TB more; tensors have "))
      #expect(error.message.hasSuffix(" that they may take"))
    }
  }

  @Test func manySmallBlocksAreRefusedBeyondTheLimit() throws {
    let allocator = Allocator()
    allocator.limit(to: 1_000_000)
    var blocks: [UInt] = []
    defer {
      for block in blocks {
        if let address = unsafe UnsafeMutableRawPointer(bitPattern: block) {
          unsafe allocator.release(address, byteCount: 100_000)
        }
      }
    }
    #expect(throws: TensorError.self) {
      for _ in 0..<20 { blocks.append(UInt(bitPattern: unsafe try allocator.allocate(100_000))) }
    }
    #expect((8...10).contains(blocks.count))
  }

  @Test func refusedMemoryIsNotCounted() throws {
    let before = Allocator.shared.live
    _ = try? Tensor.zeros(Shape([1 << 20, 1 << 20]))
    #expect(Allocator.shared.live < before + 1 << 40)
  }

  @Test func blocksOfOneStepServeTheNextHoweverLarge() throws {
    let allocator = Allocator()
    func step() throws -> [UInt] {
      let blocks = try (1...10).map { i in
        UInt(bitPattern: unsafe try allocator.allocate(i << 22))
      }
      for (i, block) in blocks.enumerated() {
        if let address = unsafe UnsafeMutableRawPointer(bitPattern: block) {
          unsafe allocator.release(address, byteCount: (i + 1) << 22)
        }
      }
      return blocks
    }
    let first = try step()
    #expect(try Set(step()) == Set(first))
    #expect(allocator.cached >= 55 << 22)
  }

  @Test func whatIsNoLongerNeededGoesBackToTheSystem() throws {
    let allocator = Allocator()
    func takeAndRelease(_ byteCount: Int) throws {
      let block = unsafe try allocator.allocate(byteCount)
      unsafe allocator.release(block, byteCount: byteCount)
    }
    try takeAndRelease(1 << 28)
    #expect(allocator.cached == 1 << 28)
    for _ in 0..<10_000 { try takeAndRelease(1000) }
    #expect(allocator.cached < 1 << 20)
    try takeAndRelease(1 << 28)
    // Another class: not as much again.
    try takeAndRelease(3 << 27)
    #expect(allocator.cached == 3 << 27)
  }

  @Test func blocksAreReused() throws {
    // A size that no other test asks for.
    let shape = try Shape([777_777])
    let address = unsafe try UInt(bitPattern: Tensor.zeros(shape).address)
    let again = unsafe try UInt(bitPattern: Tensor.zeros(shape).address)
    #expect(address == again)
  }

  @Test func blocksAreAlignedToCacheLines() throws {
    for n in [1, 17, 100, 1000, 100_000] {
      let x = try Tensor.zeros(Shape([n]))
      #expect(unsafe UInt(bitPattern: x.address) % 64 == 0)
    }
  }
}

import CKernels
import Synchronization
import Testing

extension KernelTests {
  @Suite struct SyncTests {
    @Test func waitingForAnotherValueReturnsAtOnce() {
      var word: UInt32 = 3
      unsafe dg_futex_wait(&word, 4)
      unsafe dg_futex_wake(&word)
      #expect(word == 3)
    }

    @Test func theClockGoesForward() {
      let before = dg_now()
      dg_pause()
      #expect(dg_now() >= before)
    }

    @Test func thereIsACPUToRunOnAndNoneBelowZero() {
      #expect(dg_cpu_count() >= 1)
      #expect(dg_pin_to_cpu(-1) != 0)
    }
  }
}

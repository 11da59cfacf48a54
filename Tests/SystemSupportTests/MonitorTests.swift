import Foundation
import Testing

@_spi(Internals) @testable import SystemSupport

@Suite struct MonitorTests {
  /// A clock that was set back by an hour made every wait an hour longer.
  @Test func aDeadlineDoesNotFollowTheTimeOfDay() {
    var now = timespec()
    // SAFETY: the result is written to a local variable.
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    let deadline = Monitor.Deadline(after: .seconds(10))
    #expect((9...60).contains(deadline.time.tv_sec - now.tv_sec))
  }

  @Test func aWaitEndsAtItsDeadline() {
    let monitor = Monitor()
    let deadline = Monitor.Deadline(after: .milliseconds(100))
    #expect(!deadline.hasPassed)
    let duration = ContinuousClock().measure {
      monitor.withLock { while monitor.wait(until: deadline) {} }
    }
    #expect(deadline.hasPassed)
    #expect(duration > .milliseconds(90))
    #expect(duration < .seconds(10))
  }
}

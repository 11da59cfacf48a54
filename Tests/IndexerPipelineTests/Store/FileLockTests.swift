import ArenaTestSupport
import Foundation
import Synchronization
import Testing

@testable import IndexerPipeline

@Suite struct FileLockTests {
  private let directory = TemporaryDirectory()

  @Test func aLockIsHeldByOne() throws {
    let path = directory.file("lock")
    let lock = try #require(try FileLock(path))
    #expect(try FileLock(path) == nil)
    lock.release()
    #expect(try FileLock(path) != nil)
  }

  /// Whoever may only read a store keeps its writers away in this manner, and no other reader.
  @Test func readersShareALockThatKeepsWritersAway() throws {
    let path = directory.file("lock")
    try #require(try FileLock(path)).release()
    let first = try FileLock(reading: path, timeout: .zero)
    let second = try FileLock(reading: path, timeout: .zero)
    #expect(try FileLock(path) == nil)
    first.release()
    #expect(try FileLock(path) == nil)
    second.release()
    let writer = try #require(try FileLock(path))
    let error = #expect(throws: IndexerError.self) { try FileLock(reading: path, timeout: .zero) }
    #expect(error?.code == .busy)
    writer.release()
    // It makes no file: it may not be allowed to.
    let missing = directory.file("none")
    #expect(throws: IndexerError.self) { try FileLock(reading: missing, timeout: .zero) }
    #expect(!FileManager.default.fileExists(atPath: missing))
  }

  /// Its descriptor was closed twice, the second time after another thread had got the number: the
  /// input of a task could not be read ("Bad file descriptor"), once in some hundred thousand
  /// tasks.
  @Test func aLockThatIsTakenDoesNotCloseFilesOfOtherThreads() throws {
    let path = directory.file("lock")
    let lock = try FileLock(path)
    let isOver = Atomic(false)
    let badCount = Atomic(0)
    let group = DispatchGroup()
    for _ in 0..<2 {
      group.enter()
      Thread.detachNewThread {
        while !isOver.load(ordering: .relaxed) {
          let file = FileHandle(forReadingAtPath: "/dev/zero")
          for _ in 0..<3 where (try? file?.read(upToCount: 8)) == nil {
            badCount.wrappingAdd(1, ordering: .relaxed)
          }
        }
        group.leave()
      }
    }
    for _ in 0..<20_000 { #expect(try FileLock(path) == nil) }
    isOver.store(true, ordering: .relaxed)
    group.wait()
    #expect(badCount.load(ordering: .relaxed) == 0)
    _ = lock
  }

  /// A signal ended the wait, and the work went on without the lock.
  @Test func aSignalDoesNotLetAWaiterThroughWithoutTheLock() throws {
    let path = directory.file("lock")
    let lock = try #require(try FileLock(path))
    let (hasBegun, hasEnded) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let isReleased = Atomic(false)
    let wasReleased = Atomic(false)
    let waiter = Atomic<UInt>(0)
    // Without SA_RESTART, the signal ends the call that waits.
    var action = sigaction()
    // SAFETY: the handler does nothing; the call reads a local variable; no other test uses the
    // signal.
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    unsafe sigaction(SIGUSR2, &action, nil)
    Thread.detachNewThread {
      // It inherits that signals are blocked.
      var signals = sigset_t()
      // SAFETY: the calls read and write the local set only.
      unsafe sigemptyset(&signals)
      unsafe sigaddset(&signals, SIGUSR2)
      unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      waiter.store(UInt(pthread_self()), ordering: .sequentiallyConsistent)
      hasBegun.signal()
      let lock = try? FileLock(waitingFor: path)
      wasReleased.store(
        lock != nil && isReleased.load(ordering: .sequentiallyConsistent),
        ordering: .sequentiallyConsistent)
      hasEnded.signal()
    }
    hasBegun.wait()
    for _ in 0..<20 {
      Thread.sleep(forTimeInterval: 0.01)
      // SAFETY: the thread ends after the lock is released.
      pthread_kill(pthread_t(waiter.load(ordering: .sequentiallyConsistent)), SIGUSR2)
    }
    isReleased.store(true, ordering: .sequentiallyConsistent)
    lock.release()
    hasEnded.wait()
    let isValid = wasReleased.load(ordering: .sequentiallyConsistent)
    #expect(isValid)
  }
}

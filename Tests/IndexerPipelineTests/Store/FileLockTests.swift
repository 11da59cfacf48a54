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

  /// Its descriptor was closed twice, the second time after another thread had got the number: the input of a task could
  /// not be read ("Bad file descriptor"), once in some hundred thousand tasks.
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
}

import Foundation
import IndexerPipeline

/// Threads are busy one after the other, and stay for later batches; somebody else cleans up.
func cleanUpFromOutside(
  threads: Int, _ batch: @escaping @Sendable () -> Void, whileTheyWait: () -> Void
) {
  let isDone = DispatchSemaphore(value: 0)
  let nextBatch = DispatchSemaphore(value: 0)
  for _ in 0..<threads {
    Thread.detachNewThread {
      batch()  // allocates, and frees all of it
      isDone.signal()
      nextBatch.wait()
    }
    isDone.wait()
    ProcessMemory.giveBackFreedMemory()  // on this thread, which freed nothing
  }
  whileTheyWait()
  for _ in 0..<threads { nextBatch.signal() }
}

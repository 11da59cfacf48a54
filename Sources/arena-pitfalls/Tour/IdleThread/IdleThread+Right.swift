import Foundation
import IndexerPipeline

/// Threads are busy one after the other, clean up, and stay for later batches.
func cleanUpInside(
  threads: Int, _ batch: @escaping @Sendable () -> Void, whileTheyWait: () -> Void
) {
  let isDone = DispatchSemaphore(value: 0)
  let nextBatch = DispatchSemaphore(value: 0)
  for _ in 0..<threads {
    Thread.detachNewThread {
      batch()  // allocates, and frees all of it
      ProcessMemory.giveBackFreedMemory()  // on the thread that freed
      isDone.signal()
      nextBatch.wait()
    }
    isDone.wait()
  }
  whileTheyWait()
  for _ in 0..<threads { nextBatch.signal() }
}

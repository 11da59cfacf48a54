import Foundation
import IndexerPipeline

/// A worker is busy once, cleans up, and then waits for work.
func cleanUpInside(_ batch: @escaping @Sendable () -> Void, whileItWaits: () -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  let nextBatch = DispatchSemaphore(value: 0)
  Thread.detachNewThread {
    batch()  // allocates, and frees all of it
    ProcessMemory.giveBackFreedMemory()  // on the thread that freed
    isDone.signal()
    nextBatch.wait()
  }
  isDone.wait()
  whileItWaits()
  nextBatch.signal()
}

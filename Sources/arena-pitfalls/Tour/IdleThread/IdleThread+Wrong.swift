import Foundation
import IndexerPipeline

/// A worker is busy once, and then waits for work; somebody else cleans up.
func cleanUpFromOutside(_ batch: @escaping @Sendable () -> Void, whileItWaits: () -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  let nextBatch = DispatchSemaphore(value: 0)
  Thread.detachNewThread {
    batch()  // allocates, and frees all of it
    isDone.signal()
    nextBatch.wait()
  }
  isDone.wait()
  ProcessMemory.giveBackFreedMemory()  // on this thread, which freed nothing
  whileItWaits()
  nextBatch.signal()
}

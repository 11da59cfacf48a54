import ArgumentParser
import Foundation
import IndexerPipeline
import Synchronization

/// What of freed memory comes back when it is given back: threads that stay fill memory with
/// blocks, free nearly all of those of another thread, and give back at the same time, each another
/// amount.
///
/// Prints the resident anonymous memory in MiB at its largest, and the most that was left after a
/// round.
struct Freed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Resident memory after blocks were freed and given back.")

  @Option(help: "Threads that stay.")
  var threads = 4

  @Option(help: "Rounds, one after another.")
  var rounds = 10

  @Flag(help: "Leave the memory to the allocator.")
  var keep = false

  func run() throws {
    if keep { ProcessMemory.keepFreedMemory() }
    let steps = (0..<threads).map { Steps(blockCount: 4_000 << $0) }
    for (index, each) in steps.enumerated() { each.start(freeing: steps[(index + 1) % threads]) }
    // Who answers is found out with a block: now, and not between freeing and giving back.
    ProcessMemory.giveBackFreedMemory()
    var memory = ResidentMemory()
    var (peak, left) = (0, 0)
    for _ in 0..<rounds {
      // Filled, freed by another thread, given back.
      Steps.advance(steps)
      peak = max(peak, memory.read())
      Steps.advance(steps)
      Steps.advance(steps)
      left = max(left, memory.read())
    }
    print("peak \(peak >> 20), left \(left >> 20)")
  }
}

/// A thread that goes one step each time it is told to.
private final class Steps: Sendable {
  private let blockCount: Int
  private let blocks = Mutex<[[UInt8]]>([])
  private let wanted = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)

  init(blockCount: Int) { self.blockCount = blockCount }

  /// Begins to do steps. The blocks that are freed are those of another thread.
  func start(freeing other: Steps) {
    Thread.detachNewThread {
      while true { self.round(other) }
    }
  }

  /// All of them go a step, at the same time.
  static func advance(_ all: [Steps]) {
    for steps in all { steps.wanted.signal() }
    for steps in all { steps.finished.wait() }
  }

  private func round(_ other: Steps) {
    wanted.wait()
    let kept = fill()
    finished.signal()
    wanted.wait()
    other.blocks.withLock { $0 = [] }
    finished.signal()
    wanted.wait()
    ProcessMemory.giveBackFreedMemory()
    finished.signal()
    withExtendedLifetime(kept) {}
  }
  /// Makes the blocks, and returns a few that stay for a round, so that the heap does not simply
  /// end earlier.
  private func fill() -> [[UInt8]] {
    let filled = (0..<blockCount).map { _ in [UInt8](repeating: 1, count: 1_000) }
    blocks.withLock { $0 = filled }
    return stride(from: 0, to: blockCount, by: 1_000).map { filled[$0] }
  }
}

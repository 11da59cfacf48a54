import CAllocationLedger
import Foundation

/// A piece of work that leaves nothing behind, and the same work done the wrong way.
///
/// Each scenario runs in a process of its own, where nothing else allocates: after a few rounds
/// that fill caches, every further round has to end with exactly as many live bytes and blocks as
/// it began with, those of all threads, the Swift runtime, C++ and LMDB included, and with as many
/// open files, threads and mapped addresses.
///
/// The Swift runtime makes a witness table or metadata the first time a path needs it and keeps it.
/// A path that only some order of threads takes, waiting for a turn for example, may come first in
/// any round, and only once, while a leak comes back in every round. Under load, threads of the
/// dispatch library come and go as well. So what is asked for is six balanced rounds in a row among
/// sixty.
///
/// `LEAK_SUITE_VARIANT=NAME` makes the suite run the wrong way of one scenario where the right one
/// is expected: `Scripts/check-memory leak-suite` shows that it then fails.
struct LeakScenario: Sendable {
  /// What the environment variable calls it.
  let name: String
  private let sound: @Sendable () throws -> Void
  private let broken: @Sendable () throws -> Void

  init(
    _ name: String, sound: @escaping @Sendable () throws -> Void,
    broken: @escaping @Sendable () throws -> Void
  ) {
    self.name = name
    self.sound = sound
    self.broken = broken
  }

  private static let warmUpCount = 4
  /// How many rounds in a row have to balance, how many may be tried, and after how many it is a
  /// leak if none has balanced.
  private static let balancedRoundCount = 6
  private static let maximumRoundCount = 60
  private static let leakingRoundCount = 12

  /// Whether leaks can be seen in this process: blocks are counted, or LeakSanitizer was asked for
  /// with `LEAK_CHECKER=lsan` (`Scripts/check-memory arena`).
  static var canBeChecked: Bool { allocation_ledger_is_active() || leakCheck != nil }

  /// Whether blocks are counted, so that growth of what can still be reached is seen, too.
  static var countsBlocks: Bool { allocation_ledger_is_active() }

  /// LeakSanitizer's check of what cannot be reached now; returns whether there is something.
  private static var leakCheck: (@convention(c) () -> CInt)? {
    guard ProcessInfo.processInfo.environment["LEAK_CHECKER"] == "lsan",
      let symbol = unsafe dlsym(nil, "__lsan_do_recoverable_leak_check")
    else { return nil }
    // SAFETY: the sanitizer's interface gives the function this signature.
    return unsafe unsafeBitCast(symbol, to: (@convention(c) () -> CInt).self)
  }

  /// Runs the work and ends the process with code 1 if it left something behind.
  func run() throws {
    let variant = ProcessInfo.processInfo.environment["LEAK_SUITE_VARIANT"]
    try expectBalance(of: variant == name ? broken : sound)
  }

  /// Runs the work the wrong way.
  func runBroken() throws { try expectBalance(of: broken) }

  private func expectBalance(of work: () throws -> Void) throws {
    for _ in 0..<Self.warmUpCount { try work() }
    if let leakCheck = Self.leakCheck {
      if leakCheck() != 0 { exit(1) }
      return
    }
    var balancedCount = 0
    var hasBalanced = false
    var remainder = ""
    for round in 1...Self.maximumRoundCount {
      let before = allocation_ledger_now()
      let resourcesBefore = process_resources_now()
      try work()
      let after = allocation_ledger_now()
      let resources = Self.settledResources(atMost: resourcesBefore)
      let bytes = after.live_bytes - before.live_bytes
      let blocks = after.live_blocks - before.live_blocks
      let mapped = resources.mapped_bytes - resourcesBefore.mapped_bytes
      let descriptors = resources.descriptors - resourcesBefore.descriptors
      let threads = resources.threads - resourcesBefore.threads
      // Threads that end take their stacks along: that is no leak.
      let isBalanced = bytes == 0 && blocks == 0 && mapped <= 0 && descriptors <= 0 && threads <= 0
      balancedCount = isBalanced ? balancedCount + 1 : 0
      hasBalanced = hasBalanced || isBalanced
      if balancedCount == Self.balancedRoundCount { return }
      if balancedCount == 0 {
        remainder =
          "\(name): round \(round) left \(bytes) bytes in \(blocks) blocks, \(mapped) mapped bytes, "
          + "\(descriptors) descriptors and \(threads) threads behind\n"
      }
      if round >= Self.leakingRoundCount && !hasBalanced { break }
    }
    FileHandle.standardError.write(Data(remainder.utf8))
    exit(1)
  }

  /// What the process holds as soon as threads that have ended are gone: those that wait for them
  /// are told a moment before.
  private static func settledResources(atMost limit: process_resources) -> process_resources {
    for _ in 0..<100 {
      let now = process_resources_now()
      if now.threads <= limit.threads && now.mapped_bytes <= limit.mapped_bytes { return now }
      usleep(1_000)
    }
    return process_resources_now()
  }
}

import ArenaTestSupport
import BumpArena
import CAllocationLedger
import CSimdJSON
import Foundation
import IndexerPipeline
import LMDB
import Testing

/// The ledger sees what it is supposed to see; else its zeros would mean nothing.
@Suite struct AllocationLedgerTests {
  /// Ends the process with code 1 unless `allocate` is seen to make blocks of at least so many
  /// bytes.
  private static func expectSeen(
    _ byteCount: Int64, _ what: String, _ allocate: () throws -> Void
  ) rethrows {
    let before = allocation_ledger_now()
    try allocate()
    let after = allocation_ledger_now()
    guard after.live_bytes - before.live_bytes >= byteCount,
      after.live_blocks > before.live_blocks
    else {
      print("the ledger does not see \(what)")
      exit(1)
    }
  }

  @Test(.enabled(if: allocation_ledger_is_active()))
  func allPartsOfTheProcessAreCounted() async {
    await #expect(processExitsWith: .success) {
      var array: [Int] = []
      Self.expectSeen(80_000, "a Swift array") { array = Array(repeating: 1, count: 10_000) }
      let directory = TemporaryDirectory()
      var environment: Environment?
      try Self.expectSeen(1_000, "LMDB") {
        environment = try Environment(
          path: directory.path, options: EnvironmentOptions(mapByteCount: 1 << 20))
      }
      var aligned: UnsafeMutableRawPointer?
      Self.expectSeen(5_000, "an aligned block") {
        _ = unsafe posix_memalign(&aligned, 4_096, 5_000)
      }
      var text: UnsafeMutablePointer<CChar>?
      Self.expectSeen(2_000, "a block that libc makes") {
        unsafe text = strdup(String(repeating: "x", count: 2_000))
      }
      var parser: OpaquePointer?
      Self.expectSeen(64, "a C++ object") { unsafe parser = json_parser_create() }
      let block = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 1)
      var grown: UnsafeMutableRawPointer?
      let before = allocation_ledger_now()
      unsafe grown = realloc(block, 100_000)
      let after = allocation_ledger_now()
      precondition(after.live_blocks == before.live_blocks, "realloc made a block")
      precondition(after.live_bytes - before.live_bytes > 99_000, "realloc is not counted")
      withExtendedLifetime((array, environment)) {}
      unsafe json_parser_destroy(parser)
      unsafe free(aligned)
      unsafe free(text)
      unsafe free(grown)
    }
  }

  @Test func whatIsMappedOpenedOrStartedIsCounted() async {
    await #expect(processExitsWith: .success) {
      let before = process_resources_now()
      let arena = BumpArena(
        BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 30)))
      let descriptors = (0..<20).map { _ in dup(STDOUT_FILENO) }
      let isDone = DispatchSemaphore(value: 0)
      // More than the test library's and the dispatch library's own, which may go meanwhile.
      for _ in 0..<20 { Thread.detachNewThread { isDone.wait() } }
      let after = process_resources_now()
      precondition(
        after.mapped_bytes - before.mapped_bytes > 1 << 29,
        "a range is not seen: \(before) \(after)")
      precondition(
        after.descriptors > before.descriptors, "a descriptor is not seen: \(before) \(after)")
      precondition(after.threads > before.threads, "a thread is not seen: \(before) \(after)")
      for _ in 0..<20 { isDone.signal() }
      for descriptor in descriptors { close(descriptor) }
      precondition(arena.statistics.liveByteCount == 0)
    }
  }

  @Test(.enabled(if: allocation_ledger_is_active()))
  func theAllocatorBehindTheLedgerIsMimalloc() {
    #expect(AllocatorReport.current().isUnified)
  }
}

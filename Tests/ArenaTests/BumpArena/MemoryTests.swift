import ArenaCollections
import ArenaTestSupport
import BumpArena
import Foundation
import Testing

@Suite struct MemoryTests {
  private func churn(_ arena: borrowing BumpArena, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var array = ArenaArray<UInt64>(in: arena)
    for number in 0..<5_000 {
      array.append(UInt64(number))
      let count = Int.random(in: 0..<200, using: &random)
      let bytes = arena.allocate(repeating: UInt8(truncatingIfNeeded: number), count: count)
      if count > 0 { #expect(bytes[count - 1] == UInt8(truncatingIfNeeded: number)) }
    }
    #expect(array[4_999] == 4_999)
  }

  @Test func arenaOfHugePagesAllocatesAndReleasesItsMemory() {
    for _ in 0..<3 {
      var arena = BumpArena(BumpArena.Configuration(memory: .hugePages))
      for seed in 1...3 {
        churn(arena, seed: UInt64(seed))
        _ = arena.allocate(repeating: UInt8(1), count: 5 << 20)
        arena.reset()
      }
      arena.trim()
      #expect(arena.statistics.chunkCount == 1)
    }
  }

  @Test(arguments: [false, true])
  func arrayInAnAddressRangeNeverMoves(usesHugePages: Bool) {
    let arena = BumpArena(
      BumpArena.Configuration(
        memory: .addressRange(byteCount: 64 << 20, usesHugePages: usesHugePages)))
    var array = ArenaArray<UInt64>(in: arena)
    array.append(0)
    let start = address(of: array)
    for number in 1..<1_000_000 { array.append(UInt64(number)) }
    #expect(address(of: array) == start)
    #expect(arena.statistics.wastedByteCount == 0)
    #expect(arena.statistics.reservedByteCount < 9 << 20)
  }

  private func address(of array: borrowing ArenaArray<UInt64>) -> UInt {
    unsafe array.span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }

  @Test func fullAddressRangeThrowsATypedError() {
    let arena = BumpArena(
      BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 20)))
    #expect(throws: ArenaError.addressRangeFull(byteCount: 2 << 20)) {
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 2 << 20)
    }
    var count = 0
    while (try? arena.tryAllocate(repeating: UInt8(1), count: 1_000)) != nil { count += 1 }
    #expect(count > 1_000)
  }

  @Test func addressRangeReleasesMemoryAboveTheRetentionLimit() {
    var arena = BumpArena(
      BumpArena.Configuration(
        retainedByteCount: 1 << 20, memory: .addressRange(byteCount: 64 << 20)))
    for _ in 0..<3 {
      _ = arena.allocate(repeating: UInt8(1), count: 32 << 20)
      #expect(arena.statistics.reservedByteCount > 32 << 20)
      arena.reset()
      #expect(arena.statistics.reservedByteCount < 2 << 20)
    }
    arena.trim()
    #expect(arena.statistics.reservedByteCount < 64 << 10)
  }

  /// Resident memory, by the process's own count: `reservedByteCount` is only the arena's.
  @Test(.enabled(if: residentByteCount() != nil))
  func whatATrimGivesBackIsNoLongerResident() async {
    await #expect(processExitsWith: .success) {
      for memory in [
        BumpArena.Configuration.Memory.addressRange(byteCount: 256 << 20), .hugePages,
      ] {
        var arena = BumpArena(
          BumpArena.Configuration(maximumChunkByteCount: 16 << 20, memory: memory))
        let before = residentByteCount() ?? 0
        _ = arena.allocate(repeating: UInt8(1), count: 100 << 20)
        let filled = residentByteCount() ?? 0
        arena.reset()
        arena.trim()
        let trimmed = residentByteCount() ?? 0
        precondition(filled - before > 90 << 20, "\(before) \(filled)")
        precondition(trimmed - before < 8 << 20, "\(before) \(filled) \(trimmed)")
      }
    }
  }

  @Test func scopeRetainsNeitherSourceNorBudget() {
    weak var source: CountingChunkSource?
    weak var budget: ArenaBudget?
    do {
      let (newSource, newBudget) = (CountingChunkSource(), ArenaBudget(byteLimit: 1 << 20))
      (source, budget) = (newSource, newBudget)
      let arena = BumpArena(
        BumpArena.Configuration(memory: .source(newSource), budget: newBudget))
      for _ in 0..<3 { arena.withScope { scope in scope.withScope { churn($0, seed: 3) } } }
      #expect(source != nil && budget != nil)
    }
    #expect(source == nil)
    #expect(budget == nil)
  }

  @Test func scopesWorkInAnAddressRange() {
    let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 8 << 20)))
    for _ in 0..<10 {
      arena.withScope { scope in
        churn(scope, seed: 5)
        scope.withScope { inner in churn(inner, seed: 6) }
      }
    }
    #expect(arena.statistics.liveByteCount == 0)
    churn(arena, seed: 7)
  }

  /// AddressSanitizer moves variables away from the stack, to find those that are used too late.
  @Test(
    .enabled(if: !Sanitizer.isAddressSanitizer), arguments: [0, 1_024])
  func temporaryArenaOfUpTo1KiBIsOnTheStack(byteCount: Int) {
    var local = 0
    BumpArena.withTemporaryArena(byteCount: byteCount) { arena in
      let number = arena.allocate(repeating: 7, count: 1)
      let distance = unsafe number.span.withUnsafeBufferPointer { buffer in
        // SAFETY: only addresses are compared.
        unsafe withUnsafeMutablePointer(to: &local) { place in
          abs(Int(bitPattern: buffer.baseAddress) - Int(bitPattern: place))
        }
      }
      // Nothing else lies as near as this to a variable of the stack.
      #expect(distance < 64 << 10)
    }
  }

  @Test func temporaryArenaRequestsNoChunkUntilItIsFull() {
    let source = CountingChunkSource()
    let total = BumpArena.withTemporaryArena(
      byteCount: 4_096, configuration: BumpArena.Configuration(memory: .source(source))
    ) { arena in
      let numbers = arena.allocate(count: 400) { $0 }
      #expect(source.requestCount == 0)
      #expect(arena.statistics.reservedByteCount == 0)
      churn(arena, seed: 1)
      #expect(source.requestCount > 0)
      return numbers[399]
    }
    #expect(total == 399)
    #expect(source.liveByteCount == 0)
  }

  @Test func elementsOfATemporaryArenaAreDeinitialized() {
    let tracker = LifetimeTracker()
    BumpArena.withTemporaryArena(byteCount: 2_048) { arena in
      var array = ArenaArray<TrackedElement>(in: arena)
      for value in 0..<3 { array.append(TrackedElement(value, tracker)) }
      _ = array.intoArenaSlice()
    }
    #expect(tracker.dropped == [0, 1, 2])
  }

  @Test func bufferOfTheCallerIsUsedFirstAndNotFreed() {
    let source = CountingChunkSource()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8 << 10, alignment: 16)
    do {
      // SAFETY: the buffer outlives the arena.
      var arena = unsafe BumpArena(
        unsafeFirstChunk: buffer, BumpArena.Configuration(memory: .source(source)))
      for seed in 1...3 {
        let inside = arena.allocate(count: 10) { $0 }
        unsafe inside.span.withUnsafeBufferPointer { span in
          let start = UInt(bitPattern: span.baseAddress)
          let first = UInt(bitPattern: buffer.baseAddress)
          #expect(start >= first && start < first + UInt(buffer.count))
        }
        churn(arena, seed: UInt64(seed))
        arena.reset()
      }
      arena.trim()
      #expect(source.liveChunkCount == 0)
    }
    unsafe buffer.deallocate()
  }

  @Test func unmappableRangeThrowsATypedError() {
    #expect(throws: ArenaError.self) {
      _ = try BumpArena(
        trying: BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 50)))
    }
  }

  /// Everything that can be refused, in one go. Throws at the first refusal.
  private func useEverything(_ arena: inout BumpArena, _ tracker: LifetimeTracker) throws {
    func fill(_ arena: borrowing BumpArena) throws {
      _ = try arena.tryAllocate(value: 1)
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 3_000)
      _ = try arena.tryAllocate(count: 2_000) { $0 }
      _ = try ArenaString(trying: String(repeating: "x", count: 5_000), in: arena)
      var array = ArenaArray<UInt64>(in: arena)
      for number in 0..<3_000 {
        try array.tryReserveCapacity(adding: 1)
        array.append(UInt64(number))
      }
      var elements = ArenaArray<TrackedElement>(in: arena)
      for number in 0..<600 {
        try elements.tryReserveCapacity(adding: 1)
        elements.append(TrackedElement(number, tracker))
      }
      _ = elements.intoArenaSlice()
      var text = ArenaStringBuilder(in: arena)
      try text.tryReserveByteCapacity(20_000)
      _ = try arena.tryCheckpoint()
    }
    try fill(arena)
    let checkpoint = try arena.tryCheckpoint()
    try fill(arena)
    arena.rewind(to: checkpoint)
    try fill(arena)
    arena.reset()
    try fill(arena)
  }

  @Test func refusalOfAnyRequestLosesNothingAndTheNextOneSucceeds() throws {
    var refused = 1
    while true {
      let source = CountingChunkSource(refusing: refused)
      let tracker = LifetimeTracker()
      var wasRefused = true
      do {
        let configuration = BumpArena.Configuration(
          firstChunkByteCount: 1_024, memory: .source(source))
        var arena: BumpArena
        do {
          arena = try BumpArena(trying: configuration)
        } catch {
          arena = try BumpArena(trying: configuration)
        }
        do {
          try useEverything(&arena, tracker)
          wasRefused = source.requestCount >= refused
        } catch let error as ArenaError {
          guard case .outOfMemory = error else { throw error }
          try useEverything(&arena, tracker)
        } catch let error as ArenaInitializationError<Never> {
          guard case .arena(.outOfMemory) = error else { throw error }
          try useEverything(&arena, tracker)
        }
        #expect(source.liveByteCount == arena.statistics.reservedByteCount)
      }
      #expect(source.liveByteCount == 0)
      #expect(source.misuse == nil)
      #expect(tracker.liveCount == 0)
      guard wasRefused else { break }
      refused += 1
    }
    #expect(refused > 8)
  }

  @Test func overflowingSizesThrowATypedError() {
    let arena = BumpArena()
    let before = arena.statistics
    #expect(throws: (any Error).self) {
      _ = try arena.tryAllocate(repeating: 1, count: .max)
    }
    #expect(throws: (any Error).self) {
      _ = try arena.tryAllocate(capacity: .max) { (_: inout OutputSpan<Int>) in }
    }
    var array = ArenaArray<Int>(in: arena)
    var error: ArenaError?
    do throws(ArenaError) { try array.tryReserveCapacity(.max) } catch let refusal {
      error = refusal
    }
    #expect(error == .outOfMemory(byteCount: .max))
    var owners = ArenaArray<ArenaOwned<[Int]>>(in: arena)
    do throws(ArenaError) { try owners.tryReserveCapacity(.max) } catch let refusal {
      error = refusal
    }
    #expect(error == .outOfMemory(byteCount: .max))
    #expect(arena.statistics == before)
  }

  @Test func overflowingFirstChunkThrowsATypedErrorAndReservesNothing() {
    let budget = ArenaBudget(byteLimit: 1 << 20)
    for memory in [.malloc, BumpArena.Configuration.Memory.addressRange(byteCount: .max)] {
      let configuration = BumpArena.Configuration(
        firstChunkByteCount: .max, memory: memory, budget: budget)
      #expect(throws: ArenaError.outOfMemory(byteCount: .max)) {
        _ = try BumpArena(trying: configuration)
      }
    }
    #expect(budget.reservedByteCount == 0)
  }
}

/// The resident anonymous memory of this process, in bytes, if the system tells.
private func residentByteCount() -> Int? {
  let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
  return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
}

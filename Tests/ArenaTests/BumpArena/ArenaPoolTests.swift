import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ArenaPoolTests {
  @Test func poolLeasesAtMostArenaLimitArenas() {
    let pool = ArenaPool(arenaLimit: 2)
    do {
      let first = pool.lease()
      let second = pool.lease()
      let third = pool.lease()
      let isThere = [first != nil, second != nil, third != nil]
      #expect(isThere == [true, true, false])
    }
    #expect(pool.leasedCount == 0)
    let again = pool.lease()
    let isThere = again != nil
    #expect(isThere)
  }

  @Test func returnedArenaIsEmptyAndKeepsItsChunks() throws {
    let tracker = LifetimeTracker()
    let source = CountingChunkSource()
    do {
      let pool = ArenaPool(
        arenaLimit: 1, configuration: BumpArena.Configuration(memory: .source(source)))
      for _ in 0..<5 {
        guard let lease = pool.lease() else {
          Issue.record("no arena")
          return
        }
        #expect(lease.arena.statistics.liveByteCount == 0)
        _ = lease.arena.allocate(repeating: UInt8(1), count: 100_000)
        var array = ArenaArray<TrackedElement>(in: lease.arena)
        array.append(TrackedElement(1, tracker))
        _ = array.intoArenaSlice()
      }
      #expect(tracker.liveCount == 0)
      #expect(source.requestCount <= 3)
    }
    #expect(source.liveByteCount == 0)
  }

  @Test func budgetLimitsAllArenasTogether() throws {
    let pool = ArenaPool(arenaLimit: 4, byteLimit: 1 << 20)
    guard let first = pool.lease(), let second = pool.lease() else { return }
    _ = first.arena.allocate(repeating: UInt8(1), count: 600_000)
    #expect(throws: ArenaError.self) {
      _ = try second.arena.tryAllocate(repeating: UInt8(1), count: 600_000)
    }
    _ = try second.arena.tryAllocate(repeating: UInt8(1), count: 300_000)
    #expect(pool.budget.reservedByteCount <= 1 << 20)
  }

  @Test func idleArenasReleaseTheirChunksWhenTheBudgetIsExhausted() throws {
    let pool = ArenaPool(arenaLimit: 2, byteLimit: 1 << 20)
    guard let first = pool.lease() else { return }
    do {
      guard let second = pool.lease() else { return }
      _ = second.arena.allocate(repeating: UInt8(1), count: 700_000)
    }
    #expect(pool.budget.reservedByteCount > 700_000)
    _ = try first.arena.tryAllocate(repeating: UInt8(1), count: 700_000)
    #expect(pool.budget.reservedByteCount < 800_000)
  }

  /// It shared the pool's budget, was taken for the pool's own, and lent on: with its own limit of
  /// no bytes, or with a first chunk that its owner had freed.
  @Test func arenaAssignedToALeaseIsNotLeasedAgain() throws {
    let pool = ArenaPool(arenaLimit: 1)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
    do {
      guard var lease = pool.lease() else { return }
      lease.arena = BumpArena(BumpArena.Configuration(byteLimit: 0, budget: pool.budget))
    }
    do {
      guard var lease = pool.lease() else { return }
      _ = try lease.arena.tryAllocate(repeating: 1, count: 100)
      lease.arena = unsafe BumpArena(
        unsafeFirstChunk: buffer, BumpArena.Configuration(budget: pool.budget))
    }
    unsafe buffer.deallocate()
    guard let lease = pool.lease() else { return }
    _ = try lease.arena.tryAllocate(repeating: 1, count: 100)
    #expect(pool.leasedCount == 1)
    #expect(pool.budget.reservedByteCount == lease.arena.statistics.reservedByteCount)
  }

  @Test func arenasOfAPoolCanBeSwapped() {
    let source = CountingChunkSource()
    let pool = ArenaPool(
      arenaLimit: 2, configuration: BumpArena.Configuration(memory: .source(source)))
    for _ in 0..<10 {
      guard var first = pool.lease(), var second = pool.lease() else { return }
      swap(&first.arena, &second.arena)
      _ = first.arena.allocate(value: 1)
      _ = second.arena.allocate(value: 2)
    }
    #expect(pool.leasedCount == 0)
    #expect(source.requestCount == 2)
  }

  /// A leased arena that is taken out and outlives its pool is an arena like any other.
  @Test func arenaMovedOutOfItsLeaseOutlivesThePool() {
    var arena = BumpArena()
    do {
      let pool = ArenaPool(arenaLimit: 1, byteLimit: 1 << 20)
      guard var lease = pool.lease() else { return }
      swap(&arena, &lease.arena)
    }
    for _ in 0..<20 {
      // Perhaps at the address of the other one.
      let pool = ArenaPool(arenaLimit: 1)
      guard var lease = pool.lease() else { return }
      swap(&arena, &lease.arena)
      _ = lease.arena.allocate(repeating: UInt8(1), count: 1_000)
      swap(&arena, &lease.arena)
    }
    #expect(arena.allocate(value: 5).value == 5)
  }

  @Test func budgetIsReleasedWithTheArenas() {
    let budget = ArenaBudget(byteLimit: 64 << 10)
    do {
      let arena = BumpArena(BumpArena.Configuration(budget: budget))
      #expect(budget.reservedByteCount == arena.statistics.reservedByteCount)
      var array = ArenaArray<UInt64>(in: arena)
      #expect(throws: ArenaError.self) { try array.tryReserveCapacity(10_000) }
      for number in 0..<2_000 { array.append(UInt64(number)) }
      #expect(budget.reservedByteCount == arena.statistics.reservedByteCount)
      #expect(throws: ArenaError.self) {
        _ = try BumpArena(
          trying: BumpArena.Configuration(firstChunkByteCount: 64 << 10, budget: budget))
      }
    }
    #expect(budget.reservedByteCount == 0)
  }

  @Test func refusedChunkReservesNothingOfABudget() {
    let budget = ArenaBudget(byteLimit: 1 << 20)
    let source = CountingChunkSource(refusing: 2)
    let arena = BumpArena(BumpArena.Configuration(memory: .source(source), budget: budget))
    let held = budget.reservedByteCount
    #expect(throws: ArenaError.self) {
      _ = try arena.tryAllocate(repeating: UInt8(0), count: 100_000)
    }
    #expect(budget.reservedByteCount == held)
  }

  /// The result of a worker, with its arena.
  private struct Built: ~Copyable {
    var lease: PooledArena
    var numbers: ArenaHandle<Int>
  }

  @concurrent
  private static func build(_ pool: ArenaPool, _ base: Int) async -> sending Built? {
    guard let lease = pool.lease() else { return nil }
    let handle = count(from: base, in: lease.arena)
    return Built(lease: lease, numbers: handle)
  }

  private static func count(
    from base: Int, in arena: borrowing BumpArena
  ) -> ArenaHandle<Int> {
    var array = ArenaArray<Int>(in: arena)
    for number in 0..<1_000 { array.append(base + number) }
    return array.intoArenaHandle()
  }

  @concurrent
  private static func sum(_ result: consuming sending Built) async -> Int {
    let numbers = result.lease.arena[result.numbers]
    var total = 0
    for position in numbers.indices { total += numbers[position] }
    return total
  }

  @Test func resultsMoveToAnotherThreadWithTheirArena() async {
    let pool = ArenaPool(arenaLimit: 8, byteLimit: 64 << 20)
    let total = await withTaskGroup(of: Int.self) { group in
      for worker in 0..<200 {
        group.addTask {
          while true {
            guard let result = await Self.build(pool, worker) else {
              await Task.yield()
              continue
            }
            return await Self.sum(result)
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == 200 * 499_500 + 1_000 * 19_900)
    #expect(pool.leasedCount == 0)
  }

  // The pool kept it, with another configuration, and lost its own from budget and limit.
  @Test func poolDoesNotKeepAnArenaAssignedToALease() {
    let pool = ArenaPool(arenaLimit: 1, byteLimit: 1 << 20)
    func replace() {
      guard var lease = pool.lease() else { return }
      lease.arena = BumpArena()
      _ = lease.arena.allocate(repeating: UInt8(0), count: 4 << 20)
    }
    replace()
    #expect(pool.leasedCount == 0)
    #expect(pool.budget.reservedByteCount == 0)
    guard let lease = pool.lease() else {
      Issue.record("the pool has no arena")
      return
    }
    #expect(pool.budget.reservedByteCount > 0)
    let refused = (try? lease.arena.tryAllocate(repeating: UInt8(0), count: 2 << 20).count) == nil
    #expect(refused)
  }
}

// Written by Scripts/pitfall-listings.

extension Listing {
  /// The right code of each stop.
  static let right: [String: String] = [
    "ArenaPerRequest": #"""
    import BumpArena

    func handleInOneArena(_ requests: Int, count: Int) {
      var arena = BumpArena()  // or one that an ArenaPool lends
      for _ in 0..<requests {
        do { _ = arena.allocate(repeating: 1, count: count) }
        arena.reset()
      }
    }
    """#,
    "FrozenSlice": #"""
    import ArenaCollections
    import BumpArena

    struct Document: ArenaDroppable {  // says that the arena is to deinitialize it
      let text: AnyObject
    }

    /// Freezes an array of documents; the reset deinitializes them.
    func freeze(_ count: Int, in arena: borrowing BumpArena, text: () -> AnyObject) {
      var documents = ArenaArray<Document>(in: arena, minimumCapacity: count)
      for _ in 0..<count { documents.append(Document(text: text())) }
      _ = documents.intoArenaSlice().count
    }
    """#,
    "HugeAllocation": #"""
    import BumpArena

    func allocateApart(large: Int, small: Int, _ observe: (_ reserved: Int) -> Void) {
      let arena = BumpArena()
      _ = arena.allocate(repeating: UInt8(1), count: large)  // a chunk of its own
      observe(arena.statistics.reservedByteCount)
      for _ in 0..<200 { _ = arena.allocate(repeating: UInt8(1), count: small) }
      observe(arena.statistics.reservedByteCount)
    }
    """#,
    "IdleThread": #"""
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
    """#,
    "KeptKey": #"""
    import ArenaCollections
    import BumpArena

    /// Notes the length of each word, in a table that owns its keys.
    func noteOwned(_ words: [String], in arena: borrowing BumpArena, table: inout [String: Int]) {
      for word in words {
        let text = ArenaString(word, in: arena)
        table[String(copying: text)] = text.byteCount  // copies the text out of the arena
      }
    }

    func findOwned(_ word: String, table: [String: Int]) -> Int? { table[word] }
    """#,
    "LateDestruction": #"""
    import ArenaCollections
    import BumpArena

    /// Opens three files, resets the arena, and puts other numbers in it.
    func closeInTime<File: ~Copyable & ArenaDroppable>(
      _ arena: inout BumpArena, open: (Int) -> File
    ) {
      var files = ArenaArray<File>(in: arena, minimumCapacity: 3)
      for number in 3...5 { files.append(open(number)) }
      arena.reset()  // deinitializes the files
      _ = arena.allocate(repeating: 99, count: 10)
    }  // the end of the life of `files`, which does nothing
    """#,
    "LongLived": #"""
    import ArenaCollections
    import BumpArena

    /// The text of each request in a scope of its own; what is needed longer outside of it.
    func serveInScopes(_ requests: Int, byteCount: Int, in arena: borrowing BumpArena) {
      var sizes = ArenaArray<Int>(in: arena, minimumCapacity: requests)
      for _ in 0..<requests {
        arena.withScope { scratch in
          let text = scratch.allocate(repeating: UInt8(1), count: byteCount)
          sizes.append(text.count)
        }  // the text is gone
      }
      _ = sizes.intoArenaSlice().count
    }
    """#,
    "LongReader": #"""
    import LMDB

    /// A snapshot for each question, and no longer.
    func readBriefly(
      _ table: Database, of environment: Environment, writes: Int, write: (Int) throws -> Void
    ) throws {
      for number in 0..<writes {
        try write(number)
        let snapshot = try environment.beginRead()
        _ = try snapshot.statistics(of: table)
      }
    }
    """#,
    "Retention": #"""
    import BumpArena

    func serveAndGiveBack(_ requests: [Int], whenIdle: (_ reserved: Int) -> Void) {
      var arena = BumpArena(BumpArena.Configuration(retainedByteCount: 1 << 20))
      for byteCount in requests {
        do { _ = arena.allocate(repeating: UInt8(1), count: byteCount) }
        arena.reset()  // keeps a mebibyte of them
      }
      whenIdle(arena.statistics.reservedByteCount)
    }
    """#,
    "SharedArena": #"""
    import BumpArena

    /// What each thread does: it takes an arena of its own from the pool.
    func allocateLeased(
      _ count: Int, from pool: ArenaPool, note: (_ address: Int) -> Void,
      waitForTheOther: () -> Void
    ) {
      guard let lease = pool.lease() else { return }
      for _ in 0..<count { note(address(of: SIMD2<Int>(1, 2), in: lease.arena)) }
      waitForTheOther()
    }  // the arena goes back

    /// Allocates 16 bytes, and says where.
    func address(of value: SIMD2<Int>, in arena: borrowing BumpArena) -> Int {
      let bytes = arena.allocate(repeating: value, count: 1)
      // SAFETY: only the address is looked at.
      return unsafe bytes.span.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }
    """#,
    "TwoAllocators": #"""
    import Glibc

    /// Two phases of work, with one allocator.
    func runWithOneAllocator(
      _ phase: (
        @convention(c) (Int) -> UnsafeMutableRawPointer?,
        @convention(c) (UnsafeMutableRawPointer?) -> Void
      ) -> Void
    ) {
      // SAFETY: what malloc gave goes back to free.
      unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
      unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
    }
    """#,
    "TwoArrays": #"""
    import ArenaCollections
    import BumpArena

    /// Fills two arrays in turns that have room from the start.
    func growReserved(_ count: Int, in arena: borrowing BumpArena) {
      var keys = ArenaArray<Int>(in: arena, minimumCapacity: count)
      var values = ArenaArray<Int>(in: arena, minimumCapacity: count)
      for number in 0..<count {
        keys.append(number)
        values.append(number * number)
      }
      _ = (keys.intoArenaSlice().count, values.intoArenaSlice().count)
    }
    """#,
    "UseAfterReset": #"""
    import ArenaCollections
    import BumpArena

    /// Keeps a handle, which may be stored anywhere and is checked when it is used.
    func readThroughHandle(
      _ arena: inout BumpArena, count: Int, others: Int
    ) -> (stored: Int, read: Int?) {
      let kept = numbers(count, in: arena)
      let stored = arena[kept][count - 1]
      arena.reset()
      _ = arena.allocate(repeating: 99, count: others)  // the next round
      return (stored, arena.isValid(kept) ? arena[kept][count - 1] : nil)
    }

    func numbers(_ count: Int, in arena: borrowing BumpArena) -> ArenaHandle<Int> {
      var array = ArenaArray<Int>(in: arena, minimumCapacity: count)
      for _ in 0..<count { array.append(7) }
      return array.intoArenaHandle()
    }
    """#,
    "VirtualSize": #"""
    import BumpArena
    import IndexerPipeline

    /// An alarm that counts pages that are there: RssAnon of /proc/self/status.
    func byteCountByPages() -> Int {
      ProcessMemory.current()?.residentAnonymousByteCount ?? 0
    }

    /// Reserves 2 TiB of addresses and touches 64 MiB; the alarm looks each time.
    func watchPages(_ look: (_ byteCount: Int) -> Void) throws(ArenaError) {
      look(byteCountByPages())
      let arena = try BumpArena(
        trying: BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
      look(byteCountByPages())
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 64 << 20)
      look(byteCountByPages())
    }
    """#,
  ]
}

// Written by Scripts/pitfall-listings.

extension Listing {
  /// The wrong code of each stop.
  static let wrong: [String: String] = [
    "ArenaPerRequest": #"""
    import BumpArena

    func handleInNewArenas(_ requests: Int, count: Int) {
      for _ in 0..<requests {
        let arena = BumpArena()
        _ = arena.allocate(repeating: 1, count: count)
      }
    }
    """#,
    "FrozenSlice": #"""
    import BumpArena

    struct RawDocument {
      let text: AnyObject  // on the heap; the document is its only owner
    }

    /// Writes documents into bytes of the arena, which is not told that they own something.
    func freezeRaw(_ count: Int, in arena: borrowing BumpArena, text: () -> AnyObject) {
      let wordCount = count * MemoryLayout<RawDocument>.stride / MemoryLayout<UInt>.stride
      let words = arena.allocate(repeating: UInt(0), count: wordCount)
      unsafe words.span.withUnsafeBytes { bytes in
        // SAFETY: there is room for as many. But who deinitializes them?
        let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress.unsafelyUnwrapped)
          .bindMemory(to: RawDocument.self, capacity: count)
        for index in 0..<count {
          unsafe (start + index).initialize(to: RawDocument(text: text()))
        }
      }
    }
    """#,
    "HugeAllocation": #"""
    import Glibc

    /// An arena as it is often written: each chunk is twice as large as the last one, whatever
    /// made that one large.
    @safe struct DoublingArena: ~Copyable {
      private var chunks: [UnsafeMutableRawBufferPointer] = unsafe []
      private var freeByteCount = 0
      private(set) var reservedByteCount = 0

      mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount > freeByteCount {
          let size = unsafe max(2 * (chunks.last?.count ?? 8 << 10), byteCount)
          unsafe chunks.append(.allocate(byteCount: size, alignment: 16))
          freeByteCount = size
          reservedByteCount += size
        }
        defer { freeByteCount -= byteCount }
        // SAFETY: that many bytes are free at the end of the last chunk.
        let chunk = unsafe chunks[chunks.count - 1]
        return unsafe chunk.baseAddress.unsafelyUnwrapped + (chunk.count - freeByteCount)
      }

      deinit { unsafe chunks.forEach { unsafe $0.deallocate() } }
    }

    func allocateDoubling(large: Int, small: Int, _ observe: (_ reserved: Int) -> Void) {
      var arena = DoublingArena()
      unsafe memset(arena.allocate(large), 1, large)
      observe(arena.reservedByteCount)
      for _ in 0..<200 { unsafe memset(arena.allocate(small), 1, small) }
      observe(arena.reservedByteCount)
    }
    """#,
    "IdleThread": #"""
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
    """#,
    "KeptKey": #"""
    import ArenaCollections
    import BumpArena

    /// A key that knows where its text is.
    @safe struct BorrowedKey: Hashable {
      let text: UnsafeRawBufferPointer

      static func == (left: BorrowedKey, right: BorrowedKey) -> Bool {
        unsafe left.text.elementsEqual(right.text)
      }

      func hash(into hasher: inout Hasher) { unsafe hasher.combine(bytes: text) }
    }

    /// Notes the length of each word, in a table that lives longer than the arena's round.
    func noteBorrowed(
      _ words: [String], in arena: borrowing BumpArena, table: inout [BorrowedKey: Int]
    ) {
      for word in words {
        let text = ArenaString(word, in: arena)
        // SAFETY: none. The key outlives the bytes.
        unsafe text.utf8Span.span.withUnsafeBytes { bytes in
          unsafe table[BorrowedKey(text: bytes)] = word.utf8.count
        }
      }
    }

    func findBorrowed(_ word: String, table: [BorrowedKey: Int]) -> Int? {
      var word = word
      // SAFETY: this key is gone before its bytes are.
      return word.withUTF8 { bytes in
        table[unsafe BorrowedKey(text: UnsafeRawBufferPointer(bytes))]
      }
    }
    """#,
    "LateDestruction": #"""
    /// An arena as one writes it by hand: memory, and how much of it is taken.
    @safe final class HandmadeArena {
      private let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
      private var usedByteCount = 0

      func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        defer { usedByteCount += byteCount }
        // SAFETY: the caller takes less than there is.
        return unsafe memory + usedByteCount
      }

      func reset() { usedByteCount = 0 }

      deinit { unsafe memory.deallocate() }
    }

    /// An array in it that deinitializes its elements when it goes away itself.
    @safe struct HandmadeArray<Element: ~Copyable>: ~Copyable {
      private let start: UnsafeMutablePointer<Element>
      private var count = 0

      init(in arena: HandmadeArena, capacity: Int) {
        let bytes = unsafe arena.take(capacity * MemoryLayout<Element>.stride)
        unsafe start = bytes.bindMemory(to: Element.self, capacity: capacity)
      }

      mutating func append(_ element: consuming Element) {
        unsafe (start + count).initialize(to: element)
        count += 1
      }

      // SAFETY: none. Are they still the elements that were appended?
      deinit { unsafe start.deinitialize(count: count) }
    }

    /// Opens three files, resets the arena, and puts other numbers in it.
    func closeTooLate<File: ~Copyable>(_ arena: HandmadeArena, open: (Int) -> File) {
      var files = HandmadeArray<File>(in: arena, capacity: 3)
      for number in 3...5 { files.append(open(number)) }
      arena.reset()
      unsafe arena.take(80).initializeMemory(as: Int.self, repeating: 99, count: 10)
    }  // `files` goes away here, after the reset
    """#,
    "LongLived": #"""
    import ArenaCollections
    import BumpArena

    /// Text that is needed for one request, and numbers that are needed longer, in one arena.
    func serveInOneArena(_ requests: Int, byteCount: Int, in arena: borrowing BumpArena) {
      var sizes = ArenaArray<Int>(in: arena)
      for _ in 0..<requests {
        let text = arena.allocate(repeating: UInt8(1), count: byteCount)
        sizes.append(text.count)  // a reset now would take this, too
      }
      _ = sizes.intoArenaSlice().count
    }
    """#,
    "LongReader": #"""
    import LMDB

    /// A snapshot that stays open: in a session, a cache, a forgotten iterator.
    func readForLong(
      _ table: Database, of environment: Environment, writes: Int, write: (Int) throws -> Void
    ) throws {
      let snapshot = try environment.beginRead()
      for number in 0..<writes {
        try write(number)
        _ = try snapshot.statistics(of: table)
      }
    }
    """#,
    "Retention": #"""
    import BumpArena

    func serveAndKeep(_ requests: [Int], whenIdle: (_ reserved: Int) -> Void) {
      var arena = BumpArena()
      for byteCount in requests {
        do { _ = arena.allocate(repeating: UInt8(1), count: byteCount) }
        arena.reset()  // keeps all chunks
      }
      whenIdle(arena.statistics.reservedByteCount)
    }
    """#,
    "SharedArena": #"""
    import Synchronization

    /// The bump pointer of an arena that two threads use: `cursor += byteCount`, as the machine
    /// does it.
    final class SharedCursor: Sendable {
      private let cursor = Atomic(0)

      func allocate(_ byteCount: Int) -> Int {
        let start = cursor.load(ordering: .relaxed)  // read
        cursor.store(start + byteCount, ordering: .relaxed)  // add and write
        return start
      }
    }

    /// What each thread does.
    func allocateShared(
      _ count: Int, from cursor: SharedCursor, note: (_ address: Int) -> Void,
      waitForTheOther: () -> Void
    ) {
      for _ in 0..<count { note(cursor.allocate(16)) }
      waitForTheOther()
    }
    """#,
    "TwoAllocators": #"""
    import Glibc

    typealias Allocate = @convention(c) (Int) -> UnsafeMutableRawPointer?
    typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// Two phases of work: one of the program, one of a library that has an allocator of its own.
    /// Here that is the C library's, by its inner name. `nil` if it is not to be had.
    func runWithTwoAllocators(_ phase: (Allocate, Release) -> Void) -> Void? {
      guard let library = unsafe dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD),
        let allocate = unsafe dlsym(library, "__libc_malloc"),
        let release = unsafe dlsym(library, "__libc_free")
      else { return nil }
      unsafe phase({ unsafe malloc($0) }, { unsafe free($0) })
      // SAFETY: these are malloc and free, with their types.
      return unsafe phase(
        unsafeBitCast(allocate, to: Allocate.self), unsafeBitCast(release, to: Release.self))
    }
    """#,
    "TwoArrays": #"""
    import ArenaCollections
    import BumpArena

    /// Fills two arrays in turns. Each is in the other's way when it grows.
    func growInTurns(_ count: Int, in arena: borrowing BumpArena) {
      var keys = ArenaArray<Int>(in: arena)
      var values = ArenaArray<Int>(in: arena)
      for number in 0..<count {
        keys.append(number)
        values.append(number * number)
      }
      _ = (keys.intoArenaSlice().count, values.intoArenaSlice().count)
    }
    """#,
    "UseAfterReset": #"""
    import BumpArena

    /// Keeps a pointer into the arena, and reads through it after the reset.
    func readThroughPointer(
      _ arena: inout BumpArena, count: Int, others: Int
    ) -> (stored: Int, read: Int) {
      let kept = unsafe lastNumber(of: count, in: arena)
      let stored = unsafe kept.pointee
      arena.reset()
      _ = arena.allocate(repeating: 99, count: others)  // the next round
      return (stored, unsafe kept.pointee)
    }

    func lastNumber(of count: Int, in arena: borrowing BumpArena) -> UnsafePointer<Int> {
      let numbers = arena.allocate(repeating: 7, count: count)
      // SAFETY: none. The pointer outlives the span that it was taken from.
      return unsafe numbers.span.withUnsafeBufferPointer { buffer in
        unsafe buffer.baseAddress.unsafelyUnwrapped + (count - 1)
      }
    }
    """#,
    "VirtualSize": #"""
    import BumpArena
    import IndexerPipeline

    /// An alarm that takes addresses for memory: VmSize of /proc/self/status.
    func byteCountByAddresses() -> Int {
      ProcessMemory.current()?.virtualByteCount ?? 0
    }

    /// Reserves 2 TiB of addresses and touches 64 MiB; the alarm looks each time.
    func watchAddresses(_ look: (_ byteCount: Int) -> Void) throws(ArenaError) {
      look(byteCountByAddresses())
      let arena = try BumpArena(
        trying: BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
      look(byteCountByAddresses())
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 64 << 20)
      look(byteCountByAddresses())
    }
    """#,
  ]
}

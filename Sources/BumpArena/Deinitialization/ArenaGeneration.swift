#if DEBUG
import Synchronization

/// The addresses of the counters that no arena uses at present.
private let idleCounters = Lock<[UInt]>([])
#endif

/// In a debug build: the time from one reset or rewind of an arena to the next, as stored by
/// everything in the arena. In an optimized build: nothing, without a size and without a check.
///
/// The compiler refuses each use of a container or view after its arena was reset, or its scope
/// ended, with one exception: it does not check a value that is assigned to a variable that had one
/// before.
///
/// ```
/// var array = ArenaArray<Int>(in: arena)
/// arena.withScope { scope in array = ArenaArray(in: scope) }
/// array.append(1)                   // compiles; a debug build ends the process here
/// ```
/// The counter that a check reads is never freed, so a check can read it after the arena was
/// destroyed. The next arena that uses the counter continues to count from there.
@frozen @safe @usableFromInline
package struct ArenaGeneration: BitwiseCopyable {
  #if DEBUG
  // SAFETY: for every use below, the counter was made by `takeCounter` and is never freed.
  private let counter: UnsafeMutableRawPointer
  private let number: UInt64

  private init(counter: UnsafeMutableRawPointer, number: UInt64) {
    unsafe self.counter = counter
    self.number = number
  }

  /// Ends the process if the arena was reset, rewound or destroyed since.
  @usableFromInline
  package func check() {
    // Another arena may count on another thread meanwhile; the value then differs in any case.
    precondition(
      unsafe Self.load(counter) == number,
      "BumpArena: a value is used after its arena was reset or destroyed, or after its scope ended")
  }

  static func current(of counter: UnsafeMutableRawPointer) -> ArenaGeneration {
    unsafe ArenaGeneration(counter: counter, number: load(counter))
  }

  private static func load(_ counter: UnsafeMutableRawPointer) -> UInt64 {
    unsafe counter.assumingMemoryBound(to: Atomic<UInt64>.self).pointee.load(ordering: .relaxed)
  }

  static func end(_ counter: UnsafeMutableRawPointer) {
    // The counter belongs to the arena, which one thread has at a time.
    unsafe counter.assumingMemoryBound(to: Atomic<UInt64>.self).pointee.add(1, ordering: .relaxed)
  }

  static func takeCounter() -> UnsafeMutableRawPointer {
    if let address = idleCounters.withLock({ $0.popLast() }) {
      return unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }
    let counter = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: 1)
    unsafe counter.initialize(to: Atomic(1))
    return UnsafeMutableRawPointer(counter)
  }

  static func releaseCounter(_ counter: UnsafeMutableRawPointer) {
    let address = UInt(bitPattern: counter)
    idleCounters.withLock { $0.append(address) }
  }
  #else
  @inlinable @inline(__always)
  init() {}

  /// Checks nothing in an optimized build.
  @inlinable @inline(__always)
  package func check() {}
  #endif
}

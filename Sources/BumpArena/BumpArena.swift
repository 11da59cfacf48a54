/// A region of memory that allocates by moving one pointer, and reclaims all allocations at once.
///
/// Allocation is `borrowing`: any number of containers can grow in one arena at the same time.
/// Functions that invalidate memory, such as ``reset()``, are `mutating`. Everything in the arena
/// is `~Escapable` and depends on a borrow of it, so three mistakes do not compile:
///
/// - using a slice after the arena was reset or destroyed,
/// - placing an element that owns something (an array, a string, an object) in it, whose
///   deinitializer the arena would never run; see ``ArenaDroppable`` for the way to opt in,
/// - in the Swift 6 language mode, sharing one arena between threads: it is neither `Copyable` nor
///   `Sendable`. It may move to another task as a `consuming sending` parameter.
///
/// <doc:LifetimesScopesAndHandles> lists the gaps of today's compiler.
///
/// ```swift
/// var arena = BumpArena()
/// do {
///   var lengths = ArenaArray<Int>(in: arena)
///   lengths.append(3)
///   let frozen = lengths.intoArenaSlice()   // valid until `reset()`
///   print(frozen.count)
/// }
/// arena.reset()                             // keeps its chunks for the next use
/// ```
///
/// Memory is obtained in chunks. The first chunk also holds the arena's own state, so creating an
/// arena is a single request to the allocator:
///
/// ```
///  first chunk                                    next chunk, twice as large up to a cap
/// ┌────────┬───────┬──────────────────┬────────┐  ┌────────┬────────────────┬───────────┐
/// │ header │ state │ allocations      │ unused │─▶│ header │ allocations    │   free    │─▶ …
/// └────────┴───────┴──────────────────┴────────┘  └────────┴────────────────┴───────────┘
///                                                                    cursor ▲     limit ▲
/// ```
///
/// - Complexity: An allocation is O(1) and inlined: align, compare, store. When the chunk is full,
///   one request to the chunk source is made.
@safe
public struct BumpArena: ~Copyable {
  @usableFromInline
  package let core: ArenaCore

  /// Creates an arena and obtains its first chunk.
  ///
  /// - Parameter configuration: Chunk sizes, limits and the source of chunks.
  /// - Precondition: Traps if the first chunk is refused; see ``init(trying:)``.
  /// - Complexity: O(1), and one request to the chunk source.
  public init(_ configuration: Configuration = Configuration()) {
    do throws(ArenaError) {
      try self.init(trying: configuration)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Creates an arena, or throws if the first chunk is refused.
  ///
  /// - Parameter configuration: Chunk sizes, limits and the source of chunks.
  /// - Throws: ``ArenaError/outOfMemory(byteCount:)`` if the chunk source has no memory, and
  ///   ``ArenaError/budgetExceeded(byteLimit:byteCount:)`` if the first chunk exceeds the budget.
  /// - Complexity: O(1), and one request to the chunk source.
  public init(trying configuration: Configuration) throws(ArenaError) {
    // SAFETY: `deinit` destroys the core exactly once, and nothing placed in the arena outlives it.
    unsafe core = try ArenaCore.create(configuration.options)
  }

  /// Takes over a core from the pool.
  @unsafe
  init(owning core: ArenaCore) {
    // SAFETY: the caller owned the core and gives it up.
    unsafe self.core = core
  }

  /// Returns the core without destroying it.
  @unsafe
  consuming func releaseCore() -> ArenaCore {
    // SAFETY: the caller owns the core from here on.
    let core = unsafe self.core
    discard self
    return unsafe core
  }

  deinit {
    // SAFETY: this value is the only owner of the core, and no dependent value is used any more.
    unsafe core.destroy()
  }
}

// Allocation mutates the arena through a borrow, so two threads must never hold one.
@available(
  *, unavailable,
  message: "an arena belongs to one thread at a time; pass it on as 'consuming sending'"
)
extension BumpArena: Sendable {}

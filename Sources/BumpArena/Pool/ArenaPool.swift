import Synchronization

/// Arenas for threads: as many as are allowed to work at once, reused, within one budget of bytes.
///
/// ```swift
/// let pool = ArenaPool(arenaLimit: 4, byteBudget: 256 << 20)
/// guard let lease = pool.take() else { return }   // four are in use
/// let squares = lease.arena.allocate(count: 10) { $0 * $0 }
/// ```
///
/// What a thread has built may be handed to another one together with its arena: pass the
/// ``PooledArena`` as `consuming sending`, and what is in it as handles. The arena returns to the pool when
/// the lease ends, on whatever thread that is. The compiler checks this in the Swift 6 language mode.
///
/// Idle arenas keep their chunks for the next use. If the budget is exhausted, all but the first chunk
/// of each is given back before an allocation is refused.
public final class ArenaPool: Sendable {
  /// An arena that nobody uses.
  @safe
  private struct IdleArena: @unchecked Sendable {
    // SAFETY: the core is owned by the pool and used by no thread while it is idle.
    let core: ArenaCore
  }

  private struct State {
    var idle: [IdleArena] = []
    var leasedCount = 0
  }

  /// An owner of the idle arenas, which the budget can ask to make room.
  private final class Idle: Sendable {
    let state = Guarded(State())

    func trim() {
      state.withLock { state in
        for arena in state.idle { unsafe arena.core.trim() }
      }
    }
  }

  /// How many arenas may be leased at once.
  public let arenaLimit: Int
  /// The bytes that all arenas of the pool may hold together, idle ones included.
  public let budget: ArenaBudget

  /// What tells this pool from all others that there have been, in the arenas that it makes.
  private let number: UInt64
  private static let lastNumber = Atomic<UInt64>(0)

  private let idle: Idle
  private let configuration: BumpArena.Configuration

  /// Creates a pool without arenas; they are made when they are needed.
  ///
  /// - Parameters:
  ///   - arenaLimit: How many arenas may be leased at once.
  ///   - byteBudget: The bytes of chunks that they may hold together. No bound by default.
  ///   - configuration: The configuration of each arena; its budget is replaced by the pool's.
  /// - Precondition: `arenaLimit` is positive, `byteBudget` is not negative.
  /// - Complexity: O(1).
  public init(
    arenaLimit: Int, byteBudget: Int = .max,
    configuration: BumpArena.Configuration = BumpArena.Configuration()
  ) {
    precondition(arenaLimit > 0, "ArenaPool arena limit is not positive")
    let idle = Idle()
    self.idle = idle
    self.arenaLimit = arenaLimit
    number = Self.lastNumber.add(1, ordering: .relaxed).newValue
    budget = ArenaBudget(byteCount: byteBudget) { idle.trim() }
    var configuration = configuration
    configuration.budget = budget
    self.configuration = configuration
  }

  deinit {
    // SAFETY: leases keep the pool alive, so all arenas are idle now; each is destroyed once.
    idle.state.withLock { state in
      for arena in state.idle { unsafe arena.core.destroy() }
      state.idle = []
    }
  }

  /// Leases an arena, empty, or returns `nil` if as many as allowed are leased.
  ///
  /// - Precondition: The first chunk of a new arena can be obtained; see ``tryTake()`` for the form
  ///   that throws.
  /// - Complexity: O(1).
  public func take() -> PooledArena? {
    do throws(ArenaError) {
      return try tryTake()
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Leases an arena, empty, or returns `nil` if as many as allowed are leased.
  ///
  /// - Throws: ``ArenaError`` if the first chunk of a new arena is refused.
  /// - Complexity: O(1).
  public func tryTake() throws(ArenaError) -> PooledArena? {
    let place: (isFree: Bool, arena: IdleArena?) = idle.state.withLock { state in
      guard state.leasedCount < arenaLimit else { return (false, nil) }
      state.leasedCount += 1
      return (true, state.idle.popLast())
    }
    guard place.isFree else { return nil }
    if let arena = place.arena {
      // SAFETY: a core that left the list is the lease's alone.
      return unsafe PooledArena(arena: BumpArena(owning: arena.core), pool: self)
    }
    do throws(ArenaError) {
      let arena = try BumpArena(trying: configuration)
      // SAFETY: the arena is new and has its state as long as it lives.
      unsafe arena.core.state.pointee.poolNumber = number
      return PooledArena(arena: arena, pool: self)
    } catch {
      idle.state.withLock { $0.leasedCount -= 1 }
      throw error
    }
  }

  /// How many arenas are leased now.
  public var leasedCount: Int { idle.state.withLock { $0.leasedCount } }

  /// Takes an arena back: its elements are deinitialized on this thread.
  fileprivate func putBack(_ arena: consuming BumpArena) {
    // SAFETY: the core leaves the arena without being destroyed and is the pool's from here on.
    let core = unsafe arena.releaseCore()
    guard unsafe core.state.pointee.poolNumber == number else {
      // Another arena has been put in place of the pool's. It has its own limits, and may have the
      // caller's memory: the pool does not lend it, even if it shares the budget.
      unsafe core.destroy()
      return idle.state.withLock { $0.leasedCount -= 1 }
    }
    unsafe core.reset()
    let arena = unsafe IdleArena(core: core)
    idle.state.withLock { state in
      state.idle.append(arena)
      state.leasedCount -= 1
    }
  }
}

/// An arena leased from a pool. It returns to the pool, emptied, when this value's life ends.
public struct PooledArena: ~Copyable {
  /// The arena. It may be reset and used again as often as wanted. An arena of another origin that is put
  /// in its place is destroyed at the end instead of being kept, and one that is taken out no longer counts
  /// as leased when the lease ends; it still counts against the budget.
  public var arena: BumpArena

  private let pool: ArenaPool

  fileprivate init(arena: consuming BumpArena, pool: ArenaPool) {
    self.arena = arena
    self.pool = pool
  }

  deinit { pool.putBack(arena) }
}

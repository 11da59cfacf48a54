import Synchronization

/// A pool of arenas for threads: it reuses arenas and limits their number and their bytes.
///
/// ```swift
/// let pool = ArenaPool(arenaLimit: 4, byteLimit: 256 << 20)
/// guard let lease = pool.lease() else { return }   // four are in use
/// let squares = lease.arena.allocate(count: 10) { $0 * $0 }
/// ```
///
/// A thread may hand what it has built to another thread together with its arena: pass the
/// ``PooledArena`` as `consuming sending`, and its content as handles. The arena returns to the
/// pool when the lease ends, on whatever thread that is. The compiler checks this in the Swift 6
/// language mode.
///
/// Idle arenas keep their chunks for the next use. When the budget is exhausted, the pool releases
/// all but the first chunk of each idle arena before it refuses an allocation.
public final class ArenaPool: Sendable {
  /// An arena that is not leased.
  @safe
  private struct IdleArena: @unchecked Sendable {
    // SAFETY: the core is owned by the pool and used by no thread while it is idle.
    let core: ArenaCore
  }

  private struct State {
    var idle: [IdleArena] = []
    var leasedCount = 0
  }

  /// The owner of the idle arenas, which the budget can ask to release chunks.
  private final class Idle: Sendable {
    let state = Lock(State())

    func trim() {
      state.withLock { state in
        for arena in state.idle { unsafe arena.core.trim() }
      }
    }
  }

  /// The number of arenas that may be leased at once.
  public let arenaLimit: Int
  /// The budget that all arenas of the pool share, idle ones included.
  public let budget: ArenaBudget

  /// The identity of this pool, which it writes into the arenas that it makes.
  private let identity: UInt64
  private static let lastIdentity = Atomic<UInt64>(0)

  private let idle: Idle
  private let configuration: BumpArena.Configuration

  /// Creates a pool without arenas. It makes an arena when one is leased and none is idle.
  ///
  /// - Parameters:
  ///   - arenaLimit: The number of arenas that may be leased at once.
  ///   - byteLimit: The most bytes of chunks that they may hold together. No limit by default.
  ///   - configuration: The configuration of each arena. The pool replaces its budget.
  /// - Precondition: `arenaLimit` is positive and `byteLimit` is not negative.
  /// - Complexity: O(1).
  public init(
    arenaLimit: Int, byteLimit: Int = .max,
    configuration: BumpArena.Configuration = BumpArena.Configuration()
  ) {
    precondition(arenaLimit > 0, "ArenaPool: arena limit is not positive")
    let idle = Idle()
    self.idle = idle
    self.arenaLimit = arenaLimit
    identity = Self.lastIdentity.add(1, ordering: .relaxed).newValue
    budget = ArenaBudget(byteLimit: byteLimit) { idle.trim() }
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

  /// Leases an empty arena, or returns `nil` if ``arenaLimit`` arenas are already leased.
  ///
  /// - Precondition: The first chunk of a new arena can be allocated; see ``tryLease()`` for the
  ///   form that throws.
  /// - Complexity: O(1).
  public func lease() -> PooledArena? {
    do throws(ArenaError) {
      return try tryLease()
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Leases an empty arena, or returns `nil` if ``arenaLimit`` arenas are already leased.
  ///
  /// - Throws: ``ArenaError`` if the first chunk of a new arena is refused.
  /// - Complexity: O(1).
  public func tryLease() throws(ArenaError) -> PooledArena? {
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
      unsafe arena.core.state.pointee.poolIdentity = identity
      return PooledArena(arena: arena, pool: self)
    } catch {
      idle.state.withLock { $0.leasedCount -= 1 }
      throw error
    }
  }

  /// The number of arenas that are leased now.
  public var leasedCount: Int { idle.state.withLock { $0.leasedCount } }

  /// Ends a lease. The elements of the arena are deinitialized on this thread.
  fileprivate func endLease(of arena: consuming BumpArena) {
    // SAFETY: the core leaves the arena without being destroyed and is the pool's from here on.
    let core = unsafe arena.releaseCore()
    guard unsafe core.state.pointee.poolIdentity == identity else {
      // The caller has replaced the pool's arena by another one, which has limits of its own and
      // may use memory of the caller. The pool never leases it, even if it shares the budget.
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

/// An arena leased from a pool. It returns to the pool, empty, when this value is destroyed.
public struct PooledArena: ~Copyable {
  /// The leased arena. It may be reset and used again any number of times.
  ///
  /// If another arena is assigned here, the pool destroys that one at the end of the lease instead
  /// of keeping it. An arena that was moved out of the lease no longer counts as leased after the
  /// end of the lease, but its chunks still count against the budget.
  public var arena: BumpArena

  private let pool: ArenaPool

  fileprivate init(arena: consuming BumpArena, pool: ArenaPool) {
    self.arena = arena
    self.pool = pool
  }

  deinit { pool.endLease(of: arena) }
}

public import BumpArena
import Synchronization

/// Counts the elements that are alive, and remembers in which order they were deinitialized.
public final class LifetimeTracker: Sendable {
  private let state = Mutex((live: 0, dropped: [Int]()))

  /// Creates a tracker without elements.
  public init() {}

  /// Elements that have been made and not deinitialized.
  public var liveCount: Int { state.withLock { $0.live } }
  /// The values of the elements that were deinitialized, in that order.
  public var dropped: [Int] { state.withLock { $0.dropped } }

  fileprivate func enter() { state.withLock { $0.live += 1 } }
  fileprivate func leave(_ value: Int) {
    state.withLock {
      $0.live -= 1
      $0.dropped.append(value)
    }
  }
}

/// An element that tells its tracker when it is deinitialized. Noncopyable, so each is
/// deinitialized once.
public struct TrackedElement: ~Copyable, ArenaDroppable {
  /// The value that distinguishes elements.
  public let value: Int
  private let tracker: LifetimeTracker

  /// Creates an element, alive from now on.
  public init(_ value: Int, _ tracker: LifetimeTracker) {
    self.value = value
    self.tracker = tracker
    tracker.enter()
  }

  deinit { tracker.leave(value) }
}

/// A copyable element that owns heap memory: the shape of the leak this library prevents.
public struct TrackedPayload: ArenaDroppable, Sendable {
  private final class Token: Sendable {
    let tracker: LifetimeTracker
    let value: Int

    init(_ value: Int, _ tracker: LifetimeTracker) {
      self.value = value
      self.tracker = tracker
      tracker.enter()
    }

    deinit { tracker.leave(value) }
  }

  /// Heap memory of the element's own.
  public var operations: [Int]
  private let token: Token

  /// Creates an element with an array of its own.
  public init(_ value: Int, _ tracker: LifetimeTracker) {
    operations = Array(repeating: value, count: 8)
    token = Token(value, tracker)
  }
}

import ArenaCollections
import BumpArena

/// A misuse that ends the process, and what is said about it.
struct Misuse: Sendable {
  /// The declaration that ends the process: the type, with which the name of the file begins, and
  /// the member.
  let place: String
  /// The text on standard error: all of it for a precondition, a part for refused memory.
  let message: String
  /// Whether the message is that of an `ArenaError`: memory was refused to a form that does not
  /// throw.
  let isRefusal: Bool
  /// The misuse itself.
  let body: @Sendable () -> Void

  /// Breaks a precondition.
  static func breaks(
    _ place: String, _ message: String, _ body: @escaping @Sendable () -> Void
  ) -> Misuse {
    Misuse(place: place, message: message, isRefusal: false, body: body)
  }

  /// Asks a form that does not throw for memory that is refused.
  static func isRefused(
    _ place: String, _ message: String, _ body: @escaping @Sendable () -> Void
  ) -> Misuse {
    Misuse(place: place, message: message, isRefusal: true, body: body)
  }

  /// All misuses.
  static let all =
    ofArenas + ofPoolsAndValues + ofArrays + ofTables + ofTextAndHandles + ofDebugBuilds

  /// Places that no program can be brought to, with the reason.
  static let unreachable: [String: String] = [
    "ArenaError.trap": "is where all refusals end; its text is that of the error",
    "HandleStamp.next": "takes 2⁴⁸ checkpoints or generations with handles",
    "ArenaArray.grownCapacity": "takes 2⁶² elements, which have at least as many bytes",
    "ArenaCore.create": "takes a compiler that lays the state out otherwise",
    "ArenaStringBuilder.add": "takes a number whose description has 64 bytes; the longest has 24",
    "ByteKeyTable.insert": "takes a key of 4 GiB, which is hashed before",
  ].merging(onlyInDebugBuilds) { first, _ in first }

  #if DEBUG
  private static let onlyInDebugBuilds: [String: String] = [:]
  private static let ofDebugBuilds = usesAfterTheEnd + usesByTwo
  #else
  private static let onlyInDebugBuilds = [
    "ArenaGeneration.check": "checks in debug builds only",
    "ArenaCore.beginUse": "checks in debug builds only",
  ]
  private static let ofDebugBuilds: [Misuse] = []
  #endif

  /// The end of the messages of declarations that do not compile where they are used: those have a
  /// file in `Tests/MustNotCompile`.
  static let unavailable = "is not allowed in an arena"
}

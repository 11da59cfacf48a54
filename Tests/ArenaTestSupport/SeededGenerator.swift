import Foundation

/// Random numbers that can be had again: SplitMix64 (Steele, Lea and Flood, 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  /// The seed it was made with, for messages.
  public let seed: UInt64
  private var state: UInt64

  /// Creates a generator.
  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The seeds of a randomized test: the one in `ARENA_TEST_SEED` if it is set, else `count` fresh
  /// ones.
  ///
  /// A failing test prints its seed; setting the variable replays it.
  public static func seeds(_ count: Int) -> [UInt64] {
    if let text = ProcessInfo.processInfo.environment["ARENA_TEST_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return (0..<count).map { _ in UInt64.random(in: .min ... .max) }
  }
}

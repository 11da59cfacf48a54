import ArenaCollections
import BumpArena
import Foundation

/// The expected content of an arena: a naive list with which the arena is compared.
struct ArenaModel {
  /// Bytes that were allocated and filled with a pattern.
  struct Block {
    var address: UInt
    var byteCount: Int
    var pattern: UInt8

    /// Whether the bytes still have the pattern: the first one has, and each equals the next.
    var isIntact: Bool {
      // SAFETY: the model says that these bytes are allocated, and blocks have at least one.
      let start = unsafe UnsafeRawPointer(bitPattern: address).unsafelyUnwrapped
      return unsafe start.load(as: UInt8.self) == pattern
        && memcmp(start, start + 1, byteCount - 1) == 0
    }
  }

  /// Elements that were frozen, and what is in them.
  struct Frozen {
    var handle: ArenaHandle<UInt64>
    var elements: [UInt64]
  }

  /// How much there was when a checkpoint was taken.
  struct Mark {
    var checkpoint: BumpArena.Checkpoint
    var blockCount: Int
    var frozenCount: Int
    var time: Int
    var liveByteCount: Int
  }

  /// Elements that the arena has to deinitialize, and when their storage was allocated.
  struct Tracked {
    var count: Int
    var birth: Int
  }

  var blocks: [Block] = []
  var frozen: [Frozen] = []
  var tracked: [Tracked] = []
  var marks: [Mark] = []
  /// The live bytes that the arena reported after the last operation.
  var liveByteCount = 0

  /// Notes a block and fills it.
  mutating func add(_ memory: UnsafeMutableRawBufferPointer, pattern: UInt8) {
    guard memory.count > 0 else { return }
    // SAFETY: the memory was just allocated, and nothing else is kept in it.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: pattern)
    blocks.append(
      Block(
        address: UInt(bitPattern: memory.baseAddress), byteCount: memory.count, pattern: pattern))
  }

  /// The elements that the arena has to deinitialize.
  var trackedCount: Int { tracked.reduce(0) { $0 + $1.count } }

  /// Goes back to a mark, which stays.
  mutating func rewind(to index: Int) {
    let mark = marks[index]
    blocks.removeLast(blocks.count - mark.blockCount)
    frozen.removeLast(frozen.count - mark.frozenCount)
    tracked.removeAll { $0.birth > mark.time }
    marks.removeLast(marks.count - index - 1)
  }
}

/// A difference that a program found.
public struct ArenaProgramFailure: Error, CustomStringConvertible {
  /// The difference between the arena and the model.
  public let description: String
}

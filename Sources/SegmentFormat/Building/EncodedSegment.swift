public import ArenaCollections
import BumpArena

/// A segment before it has a number: its blocks, and what it does to the segments before it.
public struct EncodedSegment: ~Copyable, ~Escapable {
  /// The blocks of the segment.
  public var buffer: BlockBuffer
  /// The number of documents, those replaced in the same batch included.
  public var documentCount = 0
  /// Distinct pairs of field and term, the fields themselves included.
  public var termCount = 0
  /// Documents replaced or deleted by a later change of the same batch, in increasing order.
  public var replaced: ArenaArray<UInt32>
  /// The last change of each id, in byte order of the ids: older documents with these ids are gone.
  public var changes: ArenaArray<UInt32>
  /// The hash of each of these ids, for the filters of the other segments.
  public var idHashes: ArenaArray<UInt64>

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, capacity: Int) {
    buffer = BlockBuffer(in: arena, capacity: capacity)
    replaced = ArenaArray(in: arena)
    changes = ArenaArray(in: arena)
    idHashes = ArenaArray(in: arena)
  }
}

/// A point to which an arena can be rewound: the state of each of its lists and counters.
@unsafe @usableFromInline
package struct ArenaPosition: BitwiseCopyable {
  let current: UnsafeMutablePointer<Chunk>
  let cursor: UInt
  let chunkLimit: UInt
  let dedicatedChunkCount: Int
  let deinitializations: UnsafeMutablePointer<DeinitializationRecord>?
  var wastedByteCount: Int
  let chunkCount: Int
  let growthByteCount: Int

  /// Whether the chunk in which the arena stood is the one with `address`.
  func lies(inChunkOf address: UInt) -> Bool {
    // SAFETY: chunks at or before the current one are alive as long as the position is valid.
    unsafe address >= UInt(bitPattern: current) && address < Chunk.limit(of: current)
  }
}

extension ArenaCore {
  /// The present position of the arena.
  @usableFromInline
  package var position: ArenaPosition {
    // SAFETY: the state is alive as long as the arena is.
    unsafe ArenaPosition(
      current: state.pointee.current, cursor: state.pointee.cursor,
      chunkLimit: state.pointee.chunkLimit, dedicatedChunkCount: state.pointee.dedicatedChunkCount,
      deinitializations: state.pointee.deinitializations,
      wastedByteCount: state.pointee.wastedByteCount,
      chunkCount: state.pointee.chunkCount, growthByteCount: state.pointee.growthByteCount)
  }

  /// The position of the arena when it was created.
  var startPosition: ArenaPosition {
    // SAFETY: the first chunk stays the arena's as long as it is there.
    let first = unsafe state.pointee.first
    return unsafe ArenaPosition(
      current: first, cursor: first.pointee.start, chunkLimit: Chunk.limit(of: first),
      dedicatedChunkCount: 0, deinitializations: nil, wastedByteCount: 0,
      chunkCount: state.pointee.chunkCount,
      growthByteCount: state.pointee.growthByteCount)
  }

  /// Reclaims all memory that was allocated since `position`: runs the deinitialization records,
  /// newest first, and empties the chunks, which are kept.
  ///
  /// - Precondition: The arena was at `position` and was not rewound past it since, and nothing
  ///   allocated since is in use.
  @usableFromInline
  package func rewind(to position: ArenaPosition) {
    // SAFETY: chunks are only added behind the current one, so the position's chunk is still in the
    // list, at or before the current one, and dedicated chunks made since are the newest.
    unsafe runDeinitializations(downTo: position.deinitializations)
    unsafe noteHighWater()
    unsafe retireDedicatedChunks(downTo: position.dedicatedChunkCount)
    var chunk = unsafe position.current
    var from = unsafe position.cursor
    while unsafe chunk != state.pointee.current {
      unsafe state.pointee.closedByteCount -= Int(chunk.pointee.end &- chunk.pointee.start)
      unsafe Poisoning.reclaim(from, to: chunk.pointee.end)
      guard let next = unsafe chunk.pointee.next else { break }
      unsafe chunk = next
      unsafe from = chunk.pointee.start
    }
    unsafe Poisoning.reclaim(from, to: state.pointee.cursor)
    unsafe state.pointee.cursor = position.cursor
    unsafe state.pointee.wastedByteCount = position.wastedByteCount
    unsafe state.pointee.current = position.current
    unsafe state.pointee.chunkLimit = position.chunkLimit
    unsafe updateLimit()
  }

  /// Reclaims an allocation whose initializer failed, so that the arena is at `position` again. If
  /// the initializer allocated something itself, the allocation is unused until the reset.
  ///
  /// A dedicated chunk of the allocation is released. A chunk of the regular size is kept: a
  /// program that tries again and again at the end of a chunk would request it each time.
  ///
  /// - Parameters:
  ///   - storage: The allocation.
  ///   - byteCount: Its bytes; more than zero.
  ///   - position: The position of the arena before the allocation.
  ///   - after: The position right after it.
  @usableFromInline
  package func undo(
    _ storage: UnsafeMutableRawPointer, byteCount: Int, to position: ArenaPosition,
    ifStillAt after: ArenaPosition
  ) {
    // SAFETY: the failed initializer left nothing initialized.
    if unsafe isAt(after) {
      let highWaterByteCount = unsafe state.pointee.highWaterByteCount
      if unsafe after.chunkCount > position.chunkCount {
        unsafe releaseNewestDedicatedChunk(position)
      }
      unsafe rewind(to: position)
      unsafe state.pointee.highWaterByteCount = highWaterByteCount
    } else {
      unsafe shrink(storage, from: byteCount, to: 0)
    }
  }

  /// Releases the dedicated chunk of the one allocation since `position`, if it has one.
  private func releaseNewestDedicatedChunk(_ position: ArenaPosition) {
    // SAFETY: the newest dedicated chunk contains only the allocation that is reclaimed.
    guard unsafe state.pointee.dedicatedChunkCount > position.dedicatedChunkCount,
      let chunk = unsafe state.pointee.dedicated
    else { return }
    unsafe state.pointee.dedicated = chunk.pointee.next
    unsafe state.pointee.dedicatedChunkCount -= 1
    unsafe state.pointee.closedByteCount -= Int(chunk.pointee.end &- chunk.pointee.start)
    unsafe state.pointee.growthByteCount = position.growthByteCount
    unsafe releaseChunk(chunk)
  }

  private func isAt(_ position: ArenaPosition) -> Bool {
    // SAFETY: the state is alive as long as the arena is.
    unsafe state.pointee.cursor == position.cursor
      && state.pointee.current == position.current
      && state.pointee.dedicatedChunkCount == position.dedicatedChunkCount
      && state.pointee.deinitializations == position.deinitializations
  }
}

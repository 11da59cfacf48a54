/// A record in the arena of a point to rewind to. Records form a list, newest first. Records above
/// a point vanish with it, so a record in the list is valid.
@unsafe
struct CheckpointRecord {
  /// The record made before this one.
  var next: UnsafeMutablePointer<CheckpointRecord>?
  /// The stamp that no other checkpoint of the process has.
  var stamp: UInt64
  /// The stamp of handles that were made before.
  var stampBefore: UInt64
  /// The position of the arena when the record was made.
  var position: ArenaPosition
}

extension ArenaCore {
  /// Makes a record of the present position, or finds the newest one if nothing has happened since.
  func recordCheckpoint() throws(ArenaError) -> UInt64 {
    // SAFETY: the allocation is sized and aligned for a record.
    let size = unsafe MemoryLayout<CheckpointRecord>.size
    if let newest = unsafe state.pointee.checkpoints, unsafe isUnchanged(since: newest) {
      return unsafe newest.pointee.stamp
    }
    let memory = unsafe try allocate(
      byteCount: size, alignment: MemoryLayout<CheckpointRecord>.alignment)
    let record = unsafe memory.bindMemory(to: CheckpointRecord.self, capacity: 1)
    let stamp = HandleStamp.next()
    unsafe record.initialize(
      to: CheckpointRecord(
        next: state.pointee.checkpoints, stamp: stamp, stampBefore: state.pointee.stamp,
        position: position))
    unsafe state.pointee.checkpoints = record
    // Handles that are made from now on have another stamp.
    unsafe state.pointee.stamp = 0
    return stamp
  }

  private func isUnchanged(since record: UnsafeMutablePointer<CheckpointRecord>) -> Bool {
    // SAFETY: the record is in the list.
    let position = unsafe record.pointee.position
    return unsafe state.pointee.stamp == 0 && state.pointee.cursor == position.cursor
      && state.pointee.current == position.current
      && state.pointee.dedicatedChunkCount == position.dedicatedChunkCount
      && state.pointee.deinitializations == position.deinitializations
  }

  /// Rewinds to a checkpoint, which stays valid. Returns `false` if it is not valid.
  func rewind(toCheckpoint stamp: UInt64) -> Bool {
    // SAFETY: a record in the list is alive, and the arena was not rewound past it since.
    var candidate = unsafe state.pointee.checkpoints
    while let record = unsafe candidate {
      if unsafe record.pointee.stamp == stamp {
        unsafe endGeneration()
        unsafe rewind(to: record.pointee.position)
        // No scope is open now, but a scope may have owned the rest of the chunk when the
        // checkpoint was made.
        unsafe state.pointee.chunkLimit = Chunk.limit(of: state.pointee.current)
        unsafe updateLimit()
        unsafe state.pointee.checkpoints = record
        unsafe state.pointee.stamp = 0
        return true
      }
      unsafe candidate = record.pointee.next
    }
    return false
  }
}

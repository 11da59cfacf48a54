extension ArenaCore {
  /// Empties the arena; see ``BumpArena/reset()``.
  func reset() {
    // SAFETY: the caller has exclusive access, so no allocation is in use once the records have
    // run.
    unsafe endGeneration()
    unsafe rewind(to: startPosition)
    unsafe state.pointee.checkpoints = nil
    unsafe state.pointee.stamp = 0
    unsafe state.pointee.resetCount += 1
    unsafe releaseChunksAboveRetention()
    unsafe discardRange(
      from: state.pointee.first.pointee.start, keeping: state.pointee.retainedByteCount)
    unsafe updateLimit()
  }

  /// Releases chunks without allocations; see ``BumpArena/trim()``.
  func trim() {
    // SAFETY: as above.
    unsafe noteHighWater()
    unsafe releaseChunks(after: state.pointee.current)
    unsafe discardRange(from: state.pointee.cursor, keeping: 0)
  }

  /// In an address range, releases the memory after `start`, except the first `keptByteCount`
  /// bytes.
  private func discardRange(from start: UInt, keeping keptByteCount: Int) {
    // SAFETY: nothing is allocated from there on.
    guard case .range = unsafe state.pointee.firstChunkOwner else { return }
    let (sum, overflow) = start.addingReportingOverflow(UInt(keptByteCount))
    guard unsafe !overflow && sum < state.pointee.touchedEnd else { return }
    unsafe AddressRange.discard(sum, to: state.pointee.touchedEnd)
    unsafe state.pointee.touchedEnd = sum
  }
}

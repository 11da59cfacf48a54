extension ArenaCore {
  /// The bytes held, or touched in an address range.
  var reservedByteCount: Int {
    // SAFETY: the state lives as long as the arena.
    guard case .range = unsafe state.pointee.firstChunkOwner else {
      return unsafe state.pointee.reservedByteCount
    }
    let end = unsafe max(state.pointee.touchedEnd, state.pointee.cursor)
    return unsafe Alignment.roundUp(
      Int(end &- UInt(bitPattern: state.pointee.first)), to: Platform.pageByteCount)
  }

  /// Returns whether bytes lie in allocated memory of this arena.
  ///
  /// - Complexity: O(*c*) for *c* chunks.
  package func contains(_ start: UInt, byteCount: Int) -> Bool {
    guard byteCount > 0 else { return false }
    let (end, overflow) = start.addingReportingOverflow(UInt(byteCount))
    guard !overflow else { return false }
    // SAFETY: the chunks in the lists are the arena's own, up to the current one in use.
    let current = unsafe state.pointee.current
    if unsafe start >= current.pointee.start && end <= state.pointee.cursor { return true }
    var chunk = unsafe state.pointee.first
    while unsafe chunk != current, let next = unsafe chunk.pointee.next {
      if unsafe start >= chunk.pointee.start && end <= chunk.pointee.end { return true }
      unsafe chunk = next
    }
    var dedicated = unsafe state.pointee.dedicated
    while let here = unsafe dedicated {
      if unsafe start >= here.pointee.start && end <= here.pointee.end { return true }
      unsafe dedicated = here.pointee.next
    }
    return false
  }
}

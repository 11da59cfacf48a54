extension ArenaCore {
  #if DEBUG
  /// The present generation of the arena or scope, which gets its counter on first use.
  @usableFromInline
  package var generation: ArenaGeneration {
    // SAFETY: the state is alive as long as the arena is.
    if let counter = unsafe state.pointee.generationCounter {
      return unsafe ArenaGeneration.current(of: counter)
    }
    let counter = unsafe ArenaGeneration.takeCounter()
    unsafe state.pointee.generationCounter = counter
    return unsafe ArenaGeneration.current(of: counter)
  }
  #else
  /// The present generation of the arena or scope.
  @inlinable @inline(__always)
  package var generation: ArenaGeneration { ArenaGeneration() }
  #endif

  /// Ends the present generation: values that were made in it must not be used any more.
  func endGeneration() {
    #if DEBUG
    // SAFETY: the state is alive as long as the arena is.
    if let counter = unsafe state.pointee.generationCounter { unsafe ArenaGeneration.end(counter) }
    #endif
  }

  /// Ends the last generation of an arena or scope.
  func endLastGeneration() {
    #if DEBUG
    // SAFETY: nothing reads the state's counter afterwards.
    guard let counter = unsafe state.pointee.generationCounter else { return }
    unsafe ArenaGeneration.end(counter)
    unsafe ArenaGeneration.releaseCounter(counter)
    unsafe state.pointee.generationCounter = nil
    #endif
  }
}

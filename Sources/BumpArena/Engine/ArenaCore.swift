/// The engine of an arena: untyped allocation behind one pointer. It neither owns nor checks
/// lifetimes; the types built on it do.
@unsafe @usableFromInline
package struct ArenaCore: BitwiseCopyable {
  @usableFromInline
  let state: UnsafeMutablePointer<ArenaState>

  @inlinable
  init(state: UnsafeMutablePointer<ArenaState>) {
    // SAFETY: the state is initialized and outlives every copy of the core.
    unsafe self.state = state
  }
}

extension ArenaCore {
  /// Obtains the first chunk and builds the state in it.
  static func create(_ options: ArenaOptions) throws(ArenaError) -> ArenaCore {
    if case .addressRange(let byteCount, let usesHugePages) = options.origin {
      let alignment = usesHugePages ? HugePages.byteCount : Platform.pageByteCount
      guard byteCount <= Int.max - alignment else { throw .outOfMemory(byteCount: byteCount) }
      let rounded = Alignment.roundUp(
        max(byteCount, ChunkSizing.minimumFirstByteCount), to: alignment)
      guard
        let range = unsafe AddressRange.map(
          byteCount: rounded, alignment: alignment, usesHugePages: usesHugePages)
      else { throw .outOfMemory(byteCount: rounded) }
      // SAFETY: the range is mapped, page-aligned and ours.
      let core = unsafe create(
        in: range, byteCount: rounded, owner: .range(byteCount: rounded), options)
      unsafe core.state.pointee.chunkCount = 1
      return unsafe core
    }
    guard options.firstChunkByteCount <= Int.max - ChunkSizing.guaranteedAlignment else {
      throw .outOfMemory(byteCount: options.firstChunkByteCount)
    }
    let byteCount = Alignment.roundUp(
      max(options.firstChunkByteCount, ChunkSizing.minimumFirstByteCount),
      to: ChunkSizing.guaranteedAlignment)
    let memory = unsafe try ChunkMemory.obtain(
      byteCount: byteCount, from: options.origin, within: options.budget)
    // SAFETY: the memory has that many bytes and is aligned as every chunk is.
    let core = unsafe create(in: memory, byteCount: byteCount, owner: .arena, options)
    unsafe core.state.pointee.reservedByteCount = byteCount
    unsafe core.state.pointee.chunkCount = 1
    return unsafe core
  }

  /// Builds a first chunk with the state at its start.
  ///
  /// - Precondition: The memory is aligned to 16 bytes and has room for at least
  ///   ``ChunkSizing/firstChunkOverhead`` bytes.
  static func create(
    in memory: UnsafeMutableRawPointer, byteCount: Int, owner: FirstChunkOwner,
    _ options: ArenaOptions
  ) -> ArenaCore {
    // SAFETY: the caller gives memory for header and state, both of which suit its alignment.
    precondition(
      unsafe ChunkSizing.headerByteCount + MemoryLayout<ArenaState>.size
        <= ChunkSizing.firstChunkOverhead, "ArenaCore: the state does not fit into its place")
    let chunk = unsafe Chunk.build(in: memory, byteCount: byteCount)
    let place = unsafe memory + ChunkSizing.headerByteCount
    let state = unsafe place.bindMemory(to: ArenaState.self, capacity: 1)
    let start = UInt(bitPattern: memory) &+ UInt(ChunkSizing.firstChunkOverhead)
    let growthByteCount = max(options.firstChunkByteCount, ChunkSizing.minimumFirstByteCount)
    unsafe chunk.pointee.start = start
    unsafe chunk.pointee.end = start
    unsafe state.initialize(
      to: ArenaState(
        cursor: start,
        limit: 0,
        chunkLimit: Chunk.limit(of: chunk),
        first: chunk,
        current: chunk,
        growthByteCount: growthByteCount,
        byteShare: options.byteLimit,
        maximumChunkByteCount: max(options.maximumChunkByteCount, growthByteCount),
        byteLimit: options.byteLimit,
        retainedByteCount: options.retainedByteCount,
        origin: options.origin,
        budget: options.budget,
        firstChunkOwner: owner))
    let core = unsafe ArenaCore(state: state)
    unsafe core.updateLimit()
    unsafe Poisoning.poison(start, to: Chunk.limit(of: chunk))
    return unsafe core
  }

  /// Runs the remaining deinitialization records and releases every chunk. The core must not be
  /// used again.
  func destroy() {
    // SAFETY: the caller owns the core and destroys it once; all chunks in the lists are its own.
    if unsafe state.pointee.lender != nil { return unsafe closeScope() }
    unsafe endLastGeneration()
    unsafe runDeinitializations(downTo: nil)
    unsafe releaseDedicatedChunks()
    unsafe releaseChunks(after: state.pointee.first)
    let first = unsafe state.pointee.first
    let origin = unsafe state.pointee.origin
    let budget = unsafe state.pointee.budget
    let owner = unsafe state.pointee.firstChunkOwner
    unsafe Poisoning.unpoison(first.pointee.start, to: Chunk.limit(of: first))
    unsafe state.deinitialize(count: 1)
    switch owner {
    case .arena:
      unsafe ChunkMemory.release(
        first, byteCount: first.pointee.byteCount, to: origin, within: budget)
    case .range(let byteCount): unsafe AddressRange.unmap(first, byteCount: byteCount)
    case .caller: break
    }
  }
}

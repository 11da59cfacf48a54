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
  static func create(_ configuration: BumpArena.Configuration) throws(ArenaError) -> ArenaCore {
    if case .addressRange(let byteCount, let usesHugePages) = configuration.memory.kind {
      let alignment = usesHugePages ? HugePages.byteCount : AddressRange.pageByteCount
      guard byteCount <= Int.max - alignment else { throw .outOfMemory(byteCount: byteCount) }
      let rounded = Alignment.roundUp(
        max(byteCount, ChunkSizing.minimumFirstByteCount), to: alignment)
      guard
        let range = unsafe AddressRange.map(
          byteCount: rounded, alignment: alignment, usesHugePages: usesHugePages)
      else { throw .outOfMemory(byteCount: rounded) }
      // SAFETY: the range is mapped, page-aligned and ours.
      let core = unsafe create(
        in: range, byteCount: rounded, owner: .range(byteCount: rounded), configuration)
      unsafe core.state.pointee.chunkCount = 1
      return unsafe core
    }
    guard configuration.firstChunkByteCount <= Int.max - ChunkSizing.guaranteedAlignment else {
      throw .outOfMemory(byteCount: configuration.firstChunkByteCount)
    }
    let byteCount = Alignment.roundUp(
      max(configuration.firstChunkByteCount, ChunkSizing.minimumFirstByteCount),
      to: ChunkSizing.guaranteedAlignment)
    let memory = unsafe try ChunkMemory.obtain(
      byteCount: byteCount, from: configuration.memory, within: configuration.budget)
    // SAFETY: the memory has that many bytes and is aligned as every chunk is.
    let core = unsafe create(in: memory, byteCount: byteCount, owner: .arena, configuration)
    unsafe core.state.pointee.reservedByteCount = byteCount
    unsafe core.state.pointee.chunkCount = 1
    return unsafe core
  }

  /// Builds a first chunk with the state at its start.
  ///
  /// - Precondition: The memory is aligned to 16 bytes and has room for at least
  ///   ``firstChunkOverhead`` bytes.
  static func create(
    in memory: UnsafeMutableRawPointer, byteCount: Int, owner: FirstChunkOwner,
    _ configuration: BumpArena.Configuration
  ) -> ArenaCore {
    configuration.check()
    // SAFETY: the caller gives memory for header and state, both of which suit its alignment.
    let chunk = unsafe Chunk.build(in: memory, byteCount: byteCount)
    let place = unsafe memory + ChunkSizing.headerByteCount
    let state = unsafe place.bindMemory(to: ArenaState.self, capacity: 1)
    let start = unsafe UInt(bitPattern: memory) &+ UInt(firstChunkOverhead)
    unsafe chunk.pointee.start = start
    unsafe chunk.pointee.end = start
    unsafe state.initialize(
      to: ArenaState(
        cursor: start,
        limit: 0,
        chunkLimit: Chunk.limit(of: chunk),
        first: chunk,
        current: chunk,
        growthByteCount: configuration.firstChunkGrowthByteCount,
        byteShare: configuration.byteLimit,
        maximumChunkByteCount: max(
          configuration.maximumChunkByteCount, configuration.firstChunkGrowthByteCount),
        byteLimit: configuration.byteLimit,
        retainedByteCount: configuration.retainedByteCount,
        memory: configuration.memory,
        budget: configuration.budget,
        firstChunkOwner: owner))
    let core = unsafe ArenaCore(state: state)
    unsafe core.updateLimit()
    unsafe Poisoning.poison(start, to: Chunk.limit(of: chunk))
    return unsafe core
  }

  /// The bytes of a first chunk that no allocation can use: its header and the state.
  // SAFETY: only the size of the type is asked for.
  static let firstChunkOverhead = unsafe Alignment.roundUp(
    ChunkSizing.headerByteCount + MemoryLayout<ArenaState>.size, to: ChunkSizing.guaranteedAlignment
  )

  /// Runs the remaining drop records and gives every chunk back. The core must not be used again.
  func destroy() {
    // SAFETY: the caller owns the core and destroys it once; all chunks in the lists are its own.
    if unsafe state.pointee.lender != nil { return unsafe closeScope() }
    unsafe endLastGeneration()
    unsafe runDrops(downTo: nil)
    unsafe releaseSideChunks()
    unsafe releaseChunks(after: state.pointee.first)
    let first = unsafe state.pointee.first
    let memory = unsafe state.pointee.memory
    let budget = unsafe state.pointee.budget
    let owner = unsafe state.pointee.firstChunkOwner
    unsafe Poisoning.unpoison(first.pointee.start, to: Chunk.limit(of: first))
    unsafe state.deinitialize(count: 1)
    switch owner {
    case .arena:
      unsafe ChunkMemory.release(
        first, byteCount: first.pointee.byteCount, to: memory, within: budget)
    case .range(let byteCount): unsafe AddressRange.unmap(first, byteCount: byteCount)
    case .caller: break
    }
  }
}

/// The sizes and limits of an arena, as the engine uses them. The engine gets checked values only.
struct ArenaOptions {
  /// The size of the first chunk, or the size from which chunks double if the first one is given.
  var firstChunkByteCount: Int
  var maximumChunkByteCount: Int
  var byteLimit = Int.max
  var retainedByteCount = Int.max
  var origin: ChunkOrigin
  var budget: ArenaBudget?
}

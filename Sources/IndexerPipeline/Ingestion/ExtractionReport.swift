/// How much work a worker has done.
struct ExtractionReport: Sendable {
  var stages = IndexingStages()
  /// The most live bytes of the worker's arena.
  var arenaHighWaterByteCount = 0
  /// The chunks of the worker's arena, in bytes.
  var arenaReservedByteCount = 0
  /// Terms that were too long and left out.
  var skippedTermCount = 0
}

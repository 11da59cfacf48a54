/// What a caller wants to know or decide while documents are added. All of it is called from worker
/// threads.
struct IndexingHooks: Sendable {
  /// Called about once for each MiB of input.
  var progress: (@Sendable (IndexingProgress) -> Void)?
  /// Asked whether to end early.
  var cancellation: IndexingCancellation?
  /// Called for each document that is left out, with its line.
  var badDocument: (@Sendable (Int, DocumentError) -> Void)?
}

import Synchronization

/// Asks an operation to end early. It then throws ``IndexerError/Code/cancelled``, and the index is
/// as it was before.
public final class IndexingCancellation: Sendable {
  private let flag = Atomic(false)
  private let parent: IndexingCancellation?

  /// Creates one that nobody has used yet.
  public init() { parent = nil }

  /// Creates one for a part of the work that `parent` ends.
  package init(partOf parent: IndexingCancellation?) { self.parent = parent }

  /// Whether ``cancel()`` was called.
  public var isCancelled: Bool {
    flag.load(ordering: .relaxed) || parent?.isCancelled ?? false
  }

  /// Asks for the end, from any thread. It takes the time of a document until it comes, or a tenth
  /// of a second if input is awaited. ``DocumentChanges`` that a program makes are awaited to the
  /// next one.
  public func cancel() { flag.store(true, ordering: .relaxed) }
}

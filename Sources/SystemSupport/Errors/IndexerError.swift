/// Why an operation on a store failed: what was wrong, where, and what can be done about it.
///
/// The store is left as it was before the operation, unless the documentation of the operation says
/// otherwise.
public struct IndexerError: Error, Sendable, Equatable {
  /// The kind of failure, for programs to act on.
  public enum Code: Sendable, Equatable {
    /// The input cannot be read as documents.
    case badInput
    /// A name, an option or a query is not acceptable.
    case badRequest
    /// The index, the document or the store does not exist.
    case notFound
    /// The directory holds something that is not a store, or one written by another version.
    case foreignStore
    /// The stored bytes contradict each other.
    case corrupted
    /// Another writer is at work; the same request may succeed later.
    case busy
    /// There is no room for it in memory or in the address space now; the same request may succeed
    /// later.
    case outOfMemory
    /// The operating system or the key-value store refused.
    case storage
    /// The caller asked for the end before it was reached.
    case cancelled
    /// The time that the caller allowed was over before the end was reached.
    case timedOut
  }

  /// The kind of failure.
  public let code: Code
  /// What was wrong.
  public let problem: String
  /// Where it was: a file and line, a store, an index, a document.
  public let place: String?
  /// What to do about it.
  public let advice: String?

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - problem: What was wrong.
  ///   - place: Where it was.
  ///   - advice: What to do about it.
  public init(_ code: Code, _ problem: String, at place: String? = nil, advice: String? = nil) {
    self.code = code
    self.problem = problem
    self.place = place
    self.advice = advice
  }
}

extension IndexerError: CustomStringConvertible {
  /// The failure in one line: place, problem, advice.
  public var description: String {
    (place.map { "\($0): " } ?? "") + problem + (advice.map { "; \($0)" } ?? "")
  }
}

extension IndexerError {
  /// What to do about an index that is damaged.
  package static let damageAdvice = "run 'verify', then index the documents again from their source"

  /// What a job throws that someone has ended.
  package static func cancelled() -> IndexerError {
    IndexerError(.cancelled, "cancelled; the index is as it was before")
  }
}

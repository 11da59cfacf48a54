/// What to look for.
public struct SearchRequest: Sendable, Equatable {
  /// Words, all of which must be in a document. `field:word` looks for a word in one field. Numbers
  /// are found as they are written, booleans as `true` and `false`.
  public var text: String
  /// The fields to look in; all of them if empty.
  public var fields: [String]
  /// The most hits to return.
  public var limit: Int
  /// The number of best hits to leave out.
  public var offset: Int
  /// Whether the last word may be the beginning of one.
  public var matchesPrefix: Bool
  /// Whether the words must stand next to each other, in this order, in one field.
  public var matchesPhrase: Bool

  /// How long the search may take; `nil` for as long as it needs. One that takes longer throws
  /// ``IndexerError/Code/timedOut``.
  public var timeout: Duration?

  /// The most different words of a query.
  public static let maximumWordCount = 1000
  /// The most pairs of term and field that the words of a query may stand for in one segment: what
  /// is known about each takes some fifty bytes.
  public static let maximumTermCount = 1 << 20

  /// Creates a request.
  ///
  /// - Parameters:
  ///   - text: The words.
  ///   - fields: The fields to look in.
  ///   - limit: The most hits to return.
  ///   - offset: The number of best hits to leave out.
  ///   - matchesPrefix: Whether the last word may be the beginning of one.
  ///   - matchesPhrase: Whether the words must stand next to each other.
  ///   - timeout: How long it may take.
  public init(
    _ text: String, fields: [String] = [], limit: Int = 10, offset: Int = 0,
    matchesPrefix: Bool = false, matchesPhrase: Bool = false, timeout: Duration? = nil
  ) {
    self.text = text
    self.fields = fields
    self.limit = limit
    self.offset = offset
    self.matchesPrefix = matchesPrefix
    self.matchesPhrase = matchesPhrase
    self.timeout = timeout
  }
}

/// A document that was found.
public struct SearchHit: Sendable, Equatable {
  /// Its external id.
  public var id: String
  /// How well it matches: the BM25 scores of its words, summed over the fields. Higher is better.
  public var score: Double
  /// The document, byte for byte as it was added.
  public var document: [UInt8]
}

/// What was found.
public struct SearchResults: Sendable, Equatable {
  /// The number of documents that match.
  public var matchCount: Int
  /// The best of them, best first; of equal ones the one that was added first.
  public var hits: [SearchHit]
  /// How long it took.
  public var duration: Duration
  /// What in the query may have been meant otherwise.
  public var hints: [SearchHint]
  /// What was looked for.
  package let query: Query
}

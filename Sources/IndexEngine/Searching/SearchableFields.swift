import SystemSupport

/// The names of an index's fields, which are looked up as they are asked for.
protocol SearchableFields: ~Copyable {
  /// Whether the index has a field.
  borrowing func contains(_ name: String) throws(IndexerError) -> Bool
  /// All of them, for messages.
  borrowing func names() throws(IndexerError) -> [String]
}

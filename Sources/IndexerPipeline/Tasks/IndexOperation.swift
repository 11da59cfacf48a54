/// What a task does to an index.
public enum IndexOperation: Sendable {
  /// Adds documents, as ``Store/add(_:to:configuration:cancellation:progress:)`` does. The index is
  /// created if there is none of that name.
  case add([InputSource], to: String, options: DocumentOptions = DocumentOptions())
  /// Deletes documents by their ids.
  case delete([String], from: String)
  /// Drops an index.
  case drop(String)
  /// Exchanges the names of two indexes.
  case swap(String, String)
  /// Writes an index anew.
  case compact(String)

  /// How the documents of a task are read.
  public struct DocumentOptions: Sendable, Equatable {
    /// How the input is written.
    public var format: InputFormat
    /// The field that holds the ids, or `nil` for the one the index has.
    public var primaryKey: String?
    /// Whether documents that cannot be indexed are left out and reported, instead of failing the task.
    public var skipsBadDocuments: Bool

    /// Creates options; every parameter has a default.
    ///
    /// - Parameters:
    ///   - format: How the input is written.
    ///   - primaryKey: The field that holds the ids.
    ///   - skipsBadDocuments: Whether documents that cannot be indexed are left out.
    public init(
      format: InputFormat = .auto, primaryKey: String? = nil, skipsBadDocuments: Bool = false
    ) {
      self.format = format
      self.primaryKey = primaryKey
      self.skipsBadDocuments = skipsBadDocuments
    }
  }
}

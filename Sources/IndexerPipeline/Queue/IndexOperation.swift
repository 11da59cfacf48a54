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
    /// What stands between the fields of a row, in ASCII, or `nil` for what the first rows show.
    public var separator: UInt8?
    /// The field that holds the ids, or `nil` for the one the index has.
    public var primaryKey: String?
    /// Whether documents without an id get one, as ``IndexerConfiguration/generatesIDs`` says.
    public var generatesIDs: Bool
    /// Whether documents that cannot be indexed are left out and reported, instead of failing the
    /// task.
    public var skipsBadDocuments: Bool

    /// Creates options; every parameter has a default.
    ///
    /// - Parameters:
    ///   - format: How the input is written.
    ///   - separator: What stands between the fields of a row.
    ///   - primaryKey: The field that holds the ids.
    ///   - generatesIDs: Whether documents without an id get one.
    ///   - skipsBadDocuments: Whether documents that cannot be indexed are left out.
    public init(
      format: InputFormat = .auto, separator: UInt8? = nil, primaryKey: String? = nil,
      generatesIDs: Bool = false, skipsBadDocuments: Bool = false
    ) {
      self.format = format
      self.separator = separator
      self.primaryKey = primaryKey
      self.generatesIDs = generatesIDs
      self.skipsBadDocuments = skipsBadDocuments
    }
  }
}

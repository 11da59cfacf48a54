/// Why an operation on a store failed, and where.
///
/// The store is left as it was before the operation, unless the documentation of the operation says
/// otherwise.
///
/// Programs act on the ``code``, or on the ``cause`` and its values where that is too coarse. A
/// program that talks to people makes sentences of its own from cause and location; ``description``
/// is for logs.
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

  /// What was wrong.
  public let cause: Cause
  /// Where it was.
  public let location: Location

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - cause: What was wrong.
  ///   - location: Where it was, as far as that is known.
  public init(_ cause: Cause, at location: Location = Location()) {
    self.cause = cause
    self.location = location
  }

  /// The kind of failure.
  public var code: Code { cause.code }
}

extension IndexerError: CustomStringConvertible {
  /// The failure in one line: location and cause.
  public var description: String {
    location.isEmpty ? cause.description : "\(location): \(cause)"
  }
}

extension IndexerError {
  /// Where a failure was. Each part is there only if it is known and says more than the others.
  public struct Location: Sendable, Equatable {
    /// A store, or a file or directory of it.
    public var path: String?
    /// An input: the name of a file or stream, or several of them.
    public var source: String?
    /// The line of the input, counted from one; the number of the change if a program makes them.
    public var line: Int?
    /// The name of an index.
    public var index: String?
    /// The number of a segment of the index.
    public var segment: UInt32?
    /// The kind of stored values, such as "manifest" or "terms".
    public var part: String?
    /// The number of a task.
    public var task: UInt64?
    /// The id of a document.
    public var documentID: String?
    /// The offset in a stored value, in bytes.
    public var byteOffset: Int?

    /// Describes a location; every part may be left out.
    ///
    /// - Parameters:
    ///   - path: A store, or a file or directory of it.
    ///   - source: The name of an input.
    ///   - line: The line of the input.
    ///   - index: The name of an index.
    ///   - segment: The number of a segment.
    ///   - part: The kind of stored values.
    ///   - task: The number of a task.
    ///   - documentID: The id of a document.
    ///   - byteOffset: The offset in a stored value.
    public init(
      path: String? = nil, source: String? = nil, line: Int? = nil, index: String? = nil,
      segment: UInt32? = nil, part: String? = nil, task: UInt64? = nil, documentID: String? = nil,
      byteOffset: Int? = nil
    ) {
      self.path = path
      self.source = source
      self.line = line
      self.index = index
      self.segment = segment
      self.part = part
      self.task = task
      self.documentID = documentID
      self.byteOffset = byteOffset
    }

    /// Whether nothing is known.
    public var isEmpty: Bool { self == Location() }
  }
}

extension IndexerError.Location: CustomStringConvertible {
  /// All that is known, from the whole to the part: "books.json:7" or "index 'books', segment 3".
  public var description: String {
    var parts: [String] = []
    if let path { parts.append(path) }
    switch (source, line) {
    case (let source?, let line?): parts.append("\(source):\(line)")
    case (let source?, nil): parts.append(source)
    case (nil, let line?): parts.append("line \(line)")
    case (nil, nil): break
    }
    if let index { parts.append("index '\(index)'") }
    if let segment { parts.append("segment \(segment)") }
    if let part { parts.append(part) }
    if let task { parts.append("task \(task)") }
    if let documentID { parts.append("id '\(documentID)'") }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    return parts.joined(separator: ", ")
  }
}

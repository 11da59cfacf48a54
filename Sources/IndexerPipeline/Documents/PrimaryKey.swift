/// Which field of a document holds its external id.
enum PrimaryKey {
  /// More fields that could hold the id are not named.
  private static let maximumCandidateCount = 8

  /// The name of the single top-level field that ends in "id", in any case.
  ///
  /// - Parameter parser: A parser that has parsed the first document.
  /// - Throws: ``DocumentError`` naming the candidates if there is none or more than one.
  static func infer(from parser: borrowing JSONDocumentParser) throws(DocumentError) -> String {
    var candidates: [String] = []
    var pathCount = 0
    for index in 0..<parser.leafCount {
      let leaf = parser.leaf(index)
      // A path may be long, and have many values.
      guard leaf.pathNumber == pathCount else { continue }
      pathCount += 1
      guard leaf.depth == 1 else { continue }
      let name = String(decoding: leaf.path)
      if name.lowercased().hasSuffix("id"), !candidates.contains(name) { candidates.append(name) }
      guard candidates.count <= maximumCandidateCount else { break }
    }
    guard let first = candidates.first else {
      throw DocumentError(
        "no field whose name ends in 'id', so the primary key is unknown",
        advice: "name the field that holds the document's id with '--primary-key'")
    }
    guard candidates.count == 1 else {
      let list =
        candidates.prefix(maximumCandidateCount).map { "'\($0)'" }.joined(separator: ", ")
        + (candidates.count > maximumCandidateCount ? ", …" : "")
      throw DocumentError(
        "several fields could be the primary key: \(list)",
        advice: "choose one with '--primary-key'")
    }
    return first
  }

  /// The position of the leaf that holds the id of the document that `parser` has parsed.
  static func leafIndex(
    named name: Span<UInt8>, in parser: borrowing JSONDocumentParser
  ) throws(DocumentError) -> Int {
    var found: Int?
    for index in 0..<parser.leafCount where parser.leaf(index).path.hasSameBytes(as: name) {
      guard !parser.leaf(index).isInArray else {
        throw DocumentError(
          "the id in field '\(String(decoding: name))' is in an array",
          advice: "make it a string or an integer")
      }
      guard found == nil else {
        throw DocumentError(
          "the document has the field '\(String(decoding: name))', which holds the id, twice",
          advice: "leave one of them out")
      }
      found = index
    }
    if let found { return found }
    throw DocumentError(
      "the document has no field '\(String(decoding: name))', which holds the id",
      advice: "add it, or leave such documents out with '--skip-bad'")
  }

  /// Checks the bytes of an id.
  static func check(_ id: Span<UInt8>) throws(DocumentError) {
    guard !id.isEmpty else {
      throw DocumentError("the id is empty", advice: "ids have 1 to 500 bytes")
    }
    guard id.count <= SegmentLimits.maximumIDByteCount else {
      throw DocumentError(
        "the id has \(id.count) bytes",
        advice: "ids have at most \(SegmentLimits.maximumIDByteCount) bytes of UTF-8")
    }
  }
}

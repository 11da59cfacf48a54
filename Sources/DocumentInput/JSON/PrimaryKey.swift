import CXXHash
@_spi(Internals) package import SystemSupport

/// Which field of a document holds its external id.
package enum PrimaryKey {
  /// The names of fields that hold the id if they are there, the first of these first.
  static let exactNames = ["id", "_id", "uid", "uuid", "key"]
  /// The name of the field if documents get ids and nothing says which one it is.
  package static let defaultName = exactNames[0]

  /// A field with a longer name is none that anybody would name.
  private static let maximumNameByteCount = 500

  /// Checks the name of a field that is said to hold ids.
  package static func check(name: String?) throws(IndexerError) {
    guard name?.isEmpty != true else {
      throw IndexerError(.request(.emptyPrimaryKey))
    }
  }

  /// The name of the top-level field that holds the ids: one of ``exactNames``, else the only one
  /// whose name ends in `_id`, `Id` or `ID`.
  ///
  /// - Parameter parser: A parser that has parsed the first document.
  /// - Throws: ``DocumentError`` naming the candidates if there is none or more than one.
  package static func infer(
    from parser: borrowing JSONDocumentParser
  ) throws(DocumentError) -> String {
    let fields = Fields(of: parser)
    if let name = fields.exact { return name }
    let candidates = fields.candidates
    if candidates.count == 1 { return candidates[0] }
    guard candidates.isEmpty else {
      throw .id(.severalFields(candidates))
    }
    guard fields.nested.isEmpty else { throw .id(.nestedFieldsOnly(fields.nested)) }
    throw .id(.noField(fields.top))
  }

  /// The one of ``exactNames`` that the document has.
  package static func exactName(in parser: borrowing JSONDocumentParser) -> String? {
    Fields(of: parser).exact
  }

  /// The fields of a document that matter here.
  private struct Fields {
    /// Of the top level, up to one more than are named.
    var top: [String] = []
    /// Those of the top level that could hold the id.
    var candidates: [String] = []
    /// Those below it that could.
    var nested: [String] = []
    /// The one that does.
    var exact: String?

    init(of parser: borrowing JSONDocumentParser) {
      // One more than are named, so that it shows that there are more.
      let maximumNamedCount = DocumentError.IDProblem.maximumNamedCount
      // By its place in the list, and after all of these by that of the name in another case.
      var best = Int.max
      var others: [String] = []
      var pathCount = 0
      for index in 0..<parser.leafCount {
        let leaf = parser.leaf(index)
        // A path may have many values.
        guard leaf.pathNumber == pathCount else { continue }
        pathCount += 1
        guard leaf.path.count <= maximumNameByteCount else { continue }
        let name = String(decoding: leaf.path)
        guard leaf.depth == 1 else {
          if nested.count <= maximumNamedCount, !leaf.isInArray, Self.isNestedCandidate(name) {
            nested.append(name)
          }
          continue
        }
        if top.count <= maximumNamedCount, !top.contains(name) { top.append(name) }
        if let rank = exactNames.firstIndex(of: name), rank < best { (best, exact) = (rank, name) }
        if PrimaryKey.isNamedLikeAnID(name), candidates.count <= maximumNamedCount,
          !candidates.contains(name)
        {
          candidates.append(name)
        }
        if exactNames.contains(name.lowercased()), !others.contains(name) { others.append(name) }
      }
      if exact == nil, !others.isEmpty {
        // `ID` is as good as `id`, unless there is more than one such name.
        for wanted in exactNames where exact == nil {
          let found = others.filter { $0.lowercased() == wanted }
          if found.count == 1 { exact = found[0] }
          if found.count > 1 {
            candidates = found
            return
          }
        }
      }
    }

    private static func isNestedCandidate(_ path: String) -> Bool {
      let keys = path.split(separator: ".")
      return [keys.first, keys.last].contains { key in
        guard let name = key.map(String.init) else { return false }
        return exactNames.contains(name.lowercased()) || PrimaryKey.isNamedLikeAnID(name)
      }
    }
  }

  /// Whether a name ends in a word that is "id": `book_id`, `bookId`, `bookID`, not `paid`, `BID`.
  private static func isNamedLikeAnID(_ name: String) -> Bool {
    if name.hasSuffix("_id") || name.hasSuffix("Id") { return true }
    guard name.hasSuffix("ID") else { return false }
    // In a name of capitals alone nothing shows where its last word begins.
    return name.dropLast(2).last.map { !("A"..."Z").contains($0) } ?? true
  }
}

extension PrimaryKey {
  /// The position of the leaf that holds the id of the document that `parser` has parsed, or `nil`
  /// if it has none.
  static func leafIndex(
    named name: Span<UInt8>, in parser: borrowing JSONDocumentParser
  ) throws(DocumentError) -> Int? {
    var found: Int?
    for index in 0..<parser.leafCount where parser.leaf(index).path.hasSameBytes(as: name) {
      guard !parser.leaf(index).isInArray else {
        throw .id(.inArray(field: String(decoding: name)))
      }
      guard found == nil else {
        throw .id(.repeated(field: String(decoding: name)))
      }
      found = index
    }
    return found
  }

  /// What is thrown if the document that `parser` has parsed has no id.
  static func idIsMissing(
    _ name: Span<UInt8>, in parser: borrowing JSONDocumentParser
  ) -> DocumentError {
    let name = String(decoding: name)
    var nested: String?
    for index in 0..<parser.leafCount where parser.leaf(index).path.count <= maximumNameByteCount {
      let path = String(decoding: parser.leaf(index).path)
      guard path.hasPrefix(name + ".") else { continue }
      nested = path
      break
    }
    return .id(.missing(field: name, nested: nested))
  }

  /// Checks the bytes of an id, of which there are at most `maximumByteCount`.
  package static func check(_ id: Span<UInt8>, maximumByteCount: Int) throws(DocumentError) {
    guard !id.isEmpty else {
      throw .id(.empty(limit: maximumByteCount))
    }
    guard id.count <= maximumByteCount else {
      throw .id(.tooLong(byteCount: id.count, limit: maximumByteCount))
    }
  }

  /// Puts the id that a document gets in the place of what is in `id`: the XXH3 hash of its bytes,
  /// with 128 bits, in hexadecimal digits. Ids are stored, so it never changes.
  static func generateID(of document: Span<UInt8>, into id: inout [UInt8]) {
    let hash = unsafe document.withUnsafeBufferPointer { bytes in
      // SAFETY: the function reads as many bytes as there are.
      unsafe XXH3_128bits(bytes.baseAddress, bytes.count)
    }
    let digits = Array("0123456789abcdef".utf8)
    id.removeAll(keepingCapacity: true)
    for half in [hash.high64, hash.low64] {
      for shift in stride(from: 60, through: 0, by: -4) {
        id.append(digits[Int(half >> UInt64(shift) & 15)])
      }
    }
  }
}

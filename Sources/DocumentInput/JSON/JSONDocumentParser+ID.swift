@_spi(Internals) package import SystemSupport

extension JSONDocumentParser {
  /// Puts the id of the document parsed last in the place of what is in `id`, and returns which of
  /// its values it is, or `nil` if it was generated.
  ///
  /// - Parameters:
  ///   - name: The field that holds it.
  ///   - id: Where it goes.
  ///   - document: The bytes of the document.
  ///   - isGenerated: Whether an id that is missing, `null` or empty is made of these.
  ///   - maximumByteCount: The most bytes of an id.
  @discardableResult
  package borrowing func readID(
    named name: [UInt8], into id: inout [UInt8], generatedFrom document: Span<UInt8>,
    if isGenerated: Bool, maximumByteCount: Int
  ) throws(DocumentError) -> Int? {
    guard let index = try PrimaryKey.leafIndex(named: name.span, in: self) else {
      guard isGenerated else { throw PrimaryKey.idIsMissing(name.span, in: self) }
      PrimaryKey.generateID(of: document, into: &id)
      return nil
    }
    let leaf = self.leaf(index)
    if isGenerated, leaf.kind == .null || leaf.kind == .string && leaf.text.isEmpty {
      PrimaryKey.generateID(of: document, into: &id)
      return nil
    }
    id.removeAll(keepingCapacity: true)
    if leaf.kind == .string {
      id.append(copying: leaf.text)
    } else if !leaf.appendDigits(to: &id) {
      throw .id(.neitherStringNorInteger(field: String(decoding: name.span)))
    }
    try PrimaryKey.check(id.span, maximumByteCount: maximumByteCount)
    return index
  }

  /// Throws if the document parsed last has more than `limit` fields.
  package borrowing func checkFieldCount(atMost limit: Int) throws(DocumentError) {
    guard leafCount > limit else { return }
    var paths: Set<String> = []
    var pathCount = 0
    for index in 0..<leafCount where leaf(index).pathNumber == pathCount {
      pathCount += 1
      paths.insert(String(decoding: leaf(index).path))
    }
    guard paths.count <= limit else {
      throw .tooManyFields(count: paths.count, limit: limit)
    }
  }
}

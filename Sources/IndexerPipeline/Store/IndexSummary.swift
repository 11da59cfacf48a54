import SegmentFormat

/// What the catalog knows about an index without opening it.
public struct IndexSummary: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The number of documents that a search sees.
  public var documentCount: Int
  /// The number of segments.
  public var segmentCount: Int
  /// The bytes of the index's file in use.
  public var byteCount: Int
  /// The field that holds the ids.
  public var primaryKey: String
  /// The name of the index's directory within the store.
  var directory: String
}

extension IndexSummary {
  /// The stored form, without the name, which is the key.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendText(directory)
    bytes.appendText(primaryKey)
    for number in [documentCount, segmentCount, byteCount] { bytes.appendVarint(number) }
    return bytes
  }

  init(name: String, _ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    self.name = name
    directory = try reader.readText()
    primaryKey = try reader.readText()
    documentCount = try reader.readNumber()
    segmentCount = try reader.readNumber()
    byteCount = try reader.readNumber()
    // The name becomes part of a path.
    guard StoredName.isValid(directory) else {
      throw DecodingFault(problem: "impossible directory name", byteOffset: 0)
    }
  }
}

/// What the catalogue knows about an index without opening it.
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
    for text in [directory, primaryKey] {
      bytes.appendVarint(text.utf8.count)
      bytes.append(contentsOf: text.utf8)
    }
    for number in [documentCount, segmentCount, byteCount] { bytes.appendVarint(number) }
    return bytes
  }

  init(name: String, _ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    self.name = name
    directory = String(decoding: try reader.readBytes(try reader.readCount()))
    primaryKey = String(decoding: try reader.readBytes(try reader.readCount()))
    documentCount = try Self.number(&reader)
    segmentCount = try Self.number(&reader)
    byteCount = try Self.number(&reader)
    // The name becomes part of a path.
    guard !directory.isEmpty,
      directory.utf8.allSatisfy({ byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      })
    else { throw DecodingFault(problem: "impossible directory name", byteOffset: 0) }
  }

  private static func number(_ reader: inout ByteReader) throws(DecodingFault) -> Int {
    let offset = reader.byteOffset
    guard let number = Int(exactly: try reader.readVarint()) else {
      throw DecodingFault(problem: "number above 63 bits", byteOffset: offset)
    }
    return number
  }
}

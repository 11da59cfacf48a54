@_spi(Internals) public import SystemSupport

/// What an index consists of. A segment exists for readers from the moment the manifest names it.
public struct Manifest: Equatable {
  /// The version of the stored format. An index of another version is refused.
  public static let formatVersion: UInt64 = 4

  /// One segment.
  public struct Segment: Equatable {
    /// Its number: the first four bytes of its keys. Never used again.
    public var number: UInt32
    /// How many documents it holds, the deleted ones included.
    public var documentCount: UInt32
    /// How many of them are deleted.
    public var deletedCount: UInt32
    /// How many distinct pairs of field and term it has.
    public var termCount: UInt64
    /// The bytes of its keys and values.
    public var byteCount: UInt64

    /// Describes a segment.
    public init(
      number: UInt32, documentCount: UInt32, deletedCount: UInt32, termCount: UInt64,
      byteCount: UInt64
    ) {
      self.number = number
      self.documentCount = documentCount
      self.deletedCount = deletedCount
      self.termCount = termCount
      self.byteCount = byteCount
    }
  }

  /// The number the next segment gets.
  public var nextSegment: UInt32 = 0
  /// The name of the field that holds the external id, once known.
  public var primaryKey: String?
  /// In the order in which their documents were added. A merged segment stands where its parts
  /// were.
  public var segments: [Segment] = []

  /// The manifest of an index without documents.
  public init() {}

  /// The number of documents that readers see.
  public var liveDocumentCount: Int {
    segments.reduce(0) { $0 + Int($1.documentCount) - Int($1.deletedCount) }
  }
}

extension Manifest {
  /// The stored form: all numbers as varints, the primary key's name preceded by its byte count
  /// plus one.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVarint(Self.formatVersion)
    bytes.appendVarint(nextSegment)
    if let primaryKey {
      bytes.appendVarint(primaryKey.utf8.count + 1)
      bytes.append(contentsOf: primaryKey.utf8)
    } else {
      bytes.appendVarint(0)
    }
    bytes.appendVarint(segments.count)
    for segment in segments {
      bytes.appendVarint(segment.number)
      bytes.appendVarint(segment.documentCount)
      bytes.appendVarint(segment.deletedCount)
      bytes.appendVarint(segment.termCount)
      bytes.appendVarint(segment.byteCount)
    }
    return bytes
  }

  /// Decodes what ``encoded()`` wrote.
  ///
  /// - Throws: ``IndexerError/Code/foreignStore`` for another version,
  ///   ``IndexerError/Code/corrupted`` for damage.
  public init(_ bytes: Span<UInt8>, at location: IndexerError.Location) throws(IndexerError) {
    var reader = ByteReader(bytes)
    let version: UInt64
    do throws(DecodingFault) {
      version = try reader.readVarint()
    } catch {
      throw .corrupted(error, at: location)
    }
    guard version == Self.formatVersion else {
      throw IndexerError(
        .foreign(.indexVersion(version, supported: Self.formatVersion)), at: location)
    }
    do throws(DecodingFault) {
      nextSegment = try reader.readVarint32()
      let nameCode = try reader.readVarint()
      if nameCode > 0 {
        guard nameCode <= UInt64(bytes.count) else {
          throw DecodingFault(problem: "name beyond the end", byteOffset: reader.byteOffset)
        }
        let name = try reader.readBytes(Int(nameCode) - 1)
        primaryKey = String(decoding: name)
      }
      var numbers: Set<UInt32> = []
      for _ in 0..<(try reader.readCount()) {
        let offset = reader.byteOffset
        let segment = Segment(
          number: try reader.readVarint32(),
          documentCount: try reader.readVarint32(),
          deletedCount: try reader.readVarint32(),
          termCount: try reader.readAmount(),
          byteCount: try reader.readAmount())
        guard segment.deletedCount <= segment.documentCount, segment.number < nextSegment,
          numbers.insert(segment.number).inserted
        else { throw DecodingFault(problem: "impossible segment", byteOffset: offset) }
        segments.append(segment)
      }
    } catch {
      throw .corrupted(error, at: location)
    }
  }
}

/// The documents of a segment that were replaced or deleted since it was written, and what they
/// took away from the statistics that ranking needs.
public final class Tombstones {
  /// What the deleted documents of a segment contributed to one field.
  public struct FieldLoss: Equatable {
    /// How many of them have the field.
    public var documentCount: UInt64 = 0
    /// How many terms it has in them, all together.
    public var termCount: UInt64 = 0

    public init(documentCount: UInt64 = 0, termCount: UInt64 = 0) {
      self.documentCount = documentCount
      self.termCount = termCount
    }
  }

  public var documents: DocumentSet
  /// By field number of the segment.
  public var losses: [UInt16: FieldLoss]

  /// Creates tombstones for no document.
  public init() {
    documents = DocumentSet()
    losses = [:]
  }

  /// Decodes what ``encoded()`` wrote.
  public init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    var losses: [UInt16: FieldLoss] = [:]
    for _ in 0..<(try reader.readCount()) {
      let offset = reader.byteOffset
      guard let field = UInt16(exactly: try reader.readVarint()) else {
        throw DecodingFault(problem: "field number above 16 bits", byteOffset: offset)
      }
      losses[field] = FieldLoss(
        documentCount: try reader.readAmount(), termCount: try reader.readAmount())
    }
    let offset = reader.byteOffset
    guard let documents = DocumentSet(portable: reader.readRest()) else {
      throw DecodingFault(problem: "not a roaring bitmap", byteOffset: offset)
    }
    self.documents = documents
    self.losses = losses
  }

  /// The stored form: the losses by field number, then the bitmap in roaring's portable format.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVarint(losses.count)
    for (field, loss) in losses.sorted(by: { $0.key < $1.key }) {
      bytes.appendVarint(field)
      bytes.appendVarint(loss.documentCount)
      bytes.appendVarint(loss.termCount)
    }
    documents.appendPortable(to: &bytes)
    return bytes
  }
}

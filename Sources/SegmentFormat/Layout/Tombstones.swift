/// The documents of a segment that were replaced or deleted since it was written, and what they
/// took away from the statistics that ranking needs.
public final class Tombstones {
  /// What the deleted documents of a segment contributed to one field.
  public struct FieldLoss: Equatable {
    /// How many of them have the field.
    public var documentCount: UInt64 = 0
    /// How many terms it has in them, all together.
    public var termCount: UInt64 = 0

    /// Describes a loss.
    public init(documentCount: UInt64 = 0, termCount: UInt64 = 0) {
      self.documentCount = documentCount
      self.termCount = termCount
    }
  }

  // SAFETY: for every use below, no method is called while another one accesses it.
  @exclusivity(unchecked) private var documents: DocumentSet
  /// By field number of the segment.
  public var losses: [UInt16: FieldLoss]

  /// Creates tombstones for no document.
  public init() {
    unsafe documents = DocumentSet()
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
    unsafe self.documents = documents
    self.losses = losses
  }

  /// Whether no document is deleted.
  public var isEmpty: Bool { unsafe documents.isEmpty }

  /// The number of deleted documents.
  public var count: Int { unsafe documents.count }

  /// The largest deleted document; zero if there is none.
  public var maximum: UInt32 { unsafe documents.maximum }

  /// Whether `document` is deleted.
  public func contains(_ document: UInt32) -> Bool { unsafe documents.contains(document) }

  /// Deletes `document`, and returns whether it was not deleted before.
  public func insert(_ document: UInt32) -> Bool { unsafe documents.insert(document) }

  /// The deleted documents in increasing order.
  public func elements() -> [UInt32] { unsafe documents.elements() }

  /// The stored form: the losses by field number, then the bitmap in roaring's portable format.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVarint(losses.count)
    for (field, loss) in losses.sorted(by: { $0.key < $1.key }) {
      bytes.appendVarint(field)
      bytes.appendVarint(loss.documentCount)
      bytes.appendVarint(loss.termCount)
    }
    unsafe documents.appendPortable(to: &bytes)
    return bytes
  }
}

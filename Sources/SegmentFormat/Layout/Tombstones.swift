/// The documents of a segment that were replaced or deleted since it was written, and what they
/// took away from the statistics that ranking needs.
package final class Tombstones {
  /// What the deleted documents of a segment contributed to one field.
  package struct FieldLoss: Equatable {
    /// How many of them have the field.
    package var documentCount: UInt64 = 0
    /// How many terms it has in them, all together.
    package var termCount: UInt64 = 0

    package init(documentCount: UInt64 = 0, termCount: UInt64 = 0) {
      self.documentCount = documentCount
      self.termCount = termCount
    }
  }

  package var documents: DocumentSet
  /// By field number of the segment.
  package var losses: [UInt16: FieldLoss]

  /// Creates tombstones for no document.
  package init() {
    documents = DocumentSet()
    losses = [:]
  }

  /// Decodes what ``encoded()`` wrote.
  package init(_ bytes: Span<UInt8>) throws(DecodingFault) {
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
  package func encoded() -> [UInt8] {
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

import SegmentFormat

/// The numbers that the live documents of a segment get in a merged one: those that stay move up.
struct LiveDocuments {
  /// A bit for each deleted document; empty if there are none.
  private var deleted: [UInt64] = []
  /// How many documents are deleted before each word of bits.
  private var deletedBefore: [UInt32] = []
  /// The number of the first live document in the merged segment.
  let base: UInt32
  /// The number of live documents.
  let count: Int
  private let documentCount: UInt32

  /// - Parameters:
  ///   - documentCount: The number of documents of the segment.
  ///   - deletedDocuments: The deleted ones, in increasing order.
  ///   - base: The number of live documents in the segments before.
  init(documentCount: UInt32, deletions deletedDocuments: [UInt32], base: UInt32) {
    self.base = base
    self.documentCount = documentCount
    var sum: UInt32 = 0
    if !deletedDocuments.isEmpty {
      deleted = Array(repeating: 0, count: Int(documentCount) / 64 + 1)
      for document in deletedDocuments where document < documentCount {
        deleted[Int(document) / 64] |= 1 << UInt64(document % 64)
      }
      for word in deleted {
        deletedBefore.append(sum)
        sum += UInt32(word.nonzeroBitCount)
      }
    }
    count = Int(documentCount - sum)
  }

  /// The new number of a document, or `nil` if it is deleted.
  ///
  /// - Throws: ``DecodingFault`` if the segment has no such document: its number was read from a
  ///   value.
  /// - Complexity: O(1).
  @inline(__always)
  func number(of document: UInt32) throws(DecodingFault) -> UInt32? {
    guard document < documentCount else {
      throw DecodingFault(problem: "document \(document) of \(documentCount)", byteOffset: 0)
    }
    if deleted.isEmpty { return base + document }
    let word = deleted[Int(document) / 64]
    let bit: UInt64 = 1 << UInt64(document % 64)
    guard word & bit == 0 else { return nil }
    let before = deletedBefore[Int(document) / 64] + UInt32((word & (bit - 1)).nonzeroBitCount)
    return base + document - before
  }

  /// Whether no document is deleted.
  var isWhole: Bool { deleted.isEmpty }

  /// Whether no document of a range is deleted.
  func isWhole(_ documents: Range<UInt32>) -> Bool {
    if deleted.isEmpty { return true }
    return documents.allSatisfy { deleted[Int($0) / 64] & 1 << UInt64($0 % 64) == 0 }
  }
}

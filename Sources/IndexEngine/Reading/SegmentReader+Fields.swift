package import LMDB
import SegmentFormat
@_spi(Internals) package import SystemSupport

extension SegmentReader {
  /// A block of names of fields.
  private struct FieldBlock {
    var firstField: Int
    var names: [[UInt8]] = []
    var end: Int { firstField + names.count }
  }

  /// The block of names that a field belongs to, or `nil` if there are no fields.
  private func fieldBlock(
    with field: Int, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> FieldBlock? {
    var key = SegmentKey.prefix(segment: number, part: .fields)
    key.appendBigEndian(UInt16(truncatingIfNeeded: field))
    guard let found = try block(.fields, for: key, in: transaction),
      let first = BigEndian.uint16(found.key)
    else { return nil }
    var block = FieldBlock(firstField: Int(first))
    do throws(DecodingFault) {
      var reader = ByteReader(found.value)
      while !reader.isAtEnd {
        var name: [UInt8] = []
        name.append(copying: try reader.readBytes(try reader.readCount()))
        block.names.append(name)
      }
    } catch {
      throw .corrupted(error, at: location(.fields))
    }
    return block
  }

  /// The number of the field with a name, or `nil`.
  package func field(
    named name: String, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> UInt16? {
    try fields(named: [Array(name.utf8)], in: transaction)[0]
  }

  /// The numbers of the fields with some names, `nil` where there is none.
  ///
  /// - Parameter names: The names, in byte order.
  /// - Complexity: O(*m* log *n*) for *m* names and *n* fields; of the blocks of names, those that
  ///   have one of them are read, and a few for each.
  package func fields(
    named names: [[UInt8]], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [UInt16?] {
    var numbers: [UInt16?] = []
    var block = FieldBlock(firstField: 0)
    for name in names {
      // The fields of later names come later.
      if let last = block.names.last, last.lexicographicallyPrecedes(name) {
        block = try fieldBlock(withName: name, from: block.end, in: transaction) ?? block
      } else if block.names.isEmpty {
        block = try fieldBlock(withName: name, from: 0, in: transaction) ?? block
      }
      let index = block.names.firstIndex(atOrAbove: name, from: 0) {
        $0.lexicographicallyPrecedes($1)
      }
      let isFound = index < block.names.count && block.names[index] == name
      numbers.append(isFound ? UInt16(truncatingIfNeeded: block.firstField + index) : nil)
    }
    return numbers
  }

  /// The block of names that a name belongs to, among those from a field on, or `nil` if there are
  /// none.
  private func fieldBlock(
    withName name: [UInt8], from field: Int, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> FieldBlock? {
    // The block is one of those that start in `low..<high`.
    var (low, high) = (field, SegmentLimits.maximumFieldCount)
    var found: FieldBlock?
    while low < high {
      let middle = low + (high - low) / 2
      guard let block = try fieldBlock(with: middle, in: transaction),
        let first = block.names.first,
        block.firstField >= field
      else {
        // What is there belongs to fields before.
        return found
      }
      if name.lexicographicallyPrecedes(first) {
        high = block.firstField
      } else {
        found = block
        if middle >= block.end { break }
        low = block.end
      }
    }
    return found
  }

  /// The names of some fields.
  ///
  /// - Parameter fields: The numbers of the fields, in increasing order.
  /// - Complexity: O(*m*) for *m* fields, and as many blocks of names as they are in.
  package func names(
    ofFields fields: [UInt16], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [String] {
    var names: [String] = []
    var block = FieldBlock(firstField: 0)
    for field in fields {
      if Int(field) >= block.end {
        guard let next = try fieldBlock(with: Int(field), in: transaction),
          next.firstField <= Int(field), Int(field) < next.end
        else {
          throw .corrupted(
            DecodingFault(problem: "field \(field) is unknown", byteOffset: 0), at: location(.terms)
          )
        }
        block = next
      }
      names.append(String(decoding: block.names[Int(field) - block.firstField], as: UTF8.self))
    }
    return names
  }
}

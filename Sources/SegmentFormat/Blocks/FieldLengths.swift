/// The lengths of one field: a list of postings whose frequencies are numbers of terms.
package struct FieldLengths: ~Escapable {
  /// The terms of the field in all documents, deleted ones included.
  package let totalLength: UInt64
  /// The documents that have the field.
  package var lengths: PostingsReader

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    totalLength = try reader.readAmount()
    lengths = try PostingsReader(reader.readRest())
  }
}

/// The lengths of one field: a list of postings whose frequencies are numbers of terms.
struct FieldLengths: ~Escapable {
  /// The terms of the field in all documents, deleted ones included.
  let totalLength: UInt64
  /// The documents that have the field.
  var lengths: PostingsReader

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    totalLength = try reader.readAmount()
    lengths = try PostingsReader(reader.readRest())
  }
}

/// The lengths of one field: a list of postings whose frequencies are numbers of terms.
public struct FieldLengths: ~Escapable {
  /// The terms of the field in all documents, deleted ones included.
  public let totalLength: UInt64
  /// The documents that have the field.
  public var lengths: PostingsReader

  /// Reads the head of a list of lengths.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    totalLength = try reader.readAmount()
    lengths = try PostingsReader(reader.readRest())
  }
}

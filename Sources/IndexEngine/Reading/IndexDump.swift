@_spi(Internals) import SystemSupport
import SegmentFormat

/// One line of a dump: a term of a field and the ids of the documents that have it.
public struct DumpEntry: Sendable, Equatable {
  /// The field.
  public var field: String
  /// The term.
  public var term: String
  /// The external ids of the documents, in byte order.
  public var ids: [String]
}

extension IndexSnapshot {
  /// Goes through the terms of all segments side by side.
  package func dump(_ body: (DumpEntry) throws -> Void) throws {
    var documentIDs: [[String]] = []
    for segment in segments { documentIDs.append(try segment.externalIDs(in: transaction)) }
    let fields = try FieldUnion(of: segments, in: transaction)
    let names = fields.names.map { String(decoding: $0, as: UTF8.self) }
    let streams = segments.indices.map {
      EntryStream.terms(of: segments[$0], fields: fields.numbers[$0])
    }
    // After the lengths of all fields, which have the empty term.
    var entries = try MergedEntries(streams, from: [1], in: transaction)
    while try entries.next(in: transaction) {
      var ids: [String] = []
      for index in entries.current {
        var documents: [UInt32] = []
        try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
          documents = try liveDocuments(payload, of: index)
        }
        ids += documents.map { documentIDs[index][Int($0)] }
      }
      if ids.isEmpty { continue }
      guard let (field, term) = entries.fieldAndTerm else { continue }
      try body(
        DumpEntry(
          field: names[field], term: term,
          ids: ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }))
    }
  }
}

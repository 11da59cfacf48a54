import SegmentFormat
@_spi(Internals) package import SystemSupport

/// How much one term of a field takes.
public struct TermStatistics: Sendable, Equatable {
  /// The field.
  public var field: String
  /// The term.
  public var term: String
  /// Documents that have it, without deleted ones.
  public var documentCount: Int
  /// Bytes of its postings, those of deleted documents that are still stored included.
  public var byteCount: Int
}

extension IndexSnapshot {
  /// The terms whose postings are largest; see ``Store/largestTerms(of:limit:)``.
  package func largestTerms(limit: Int) throws(IndexerError) -> [TermStatistics] {
    let fields = try FieldUnion(of: segments, in: transaction)
    let streams = segments.indices.map {
      EntryStream.terms(of: segments[$0], fields: fields.numbers[$0])
    }
    // After the lengths of all fields, which have the empty term.
    var entries = try MergedEntries(streams, from: [1], in: transaction)
    var largest: [TermStatistics] = []
    while try entries.next(in: transaction) {
      var byteCount = 0
      for index in entries.current {
        try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
          byteCount += payload.count
        }
      }
      if largest.count >= limit, byteCount <= largest.last?.byteCount ?? 0 { continue }
      guard limit > 0, let (field, term) = entries.fieldAndTerm else { continue }
      var documentCount = 0
      for index in entries.current {
        try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
          documentCount +=
            tombstones[index].isEmpty
            ? try PostingsReader(payload).documentCount
            : try liveDocuments(payload, of: index).count
        }
      }
      // Nobody finds anything by a term of deleted documents alone.
      if documentCount == 0 { continue }
      let place = largest.firstIndex { $0.byteCount < byteCount } ?? largest.count
      largest.insert(
        TermStatistics(
          field: String(decoding: fields.names[field], as: UTF8.self), term: term,
          documentCount: documentCount,
          byteCount: byteCount), at: place)
      if largest.count > limit { largest.removeLast() }
    }
    return largest
  }
}

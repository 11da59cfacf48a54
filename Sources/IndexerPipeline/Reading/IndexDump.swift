/// One line of a dump: a term of a field and the ids of the documents that have it.
public struct DumpEntry: Sendable, Equatable {
  /// The field.
  public var field: String
  /// The term.
  public var term: String
  /// The external ids of the documents, in byte order.
  public var ids: [String]
}

extension Store {
  /// Goes through everything an index would find: each field and term with its documents, sorted by
  /// term and then by field.
  ///
  /// The result depends on the documents alone, not on how they were added. All ids of the index
  /// are in memory meanwhile.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - body: Called for each entry, in order.
  /// - Throws: ``IndexerError``, or what `body` throws.
  public func dump(_ name: String, _ body: (DumpEntry) throws -> Void) throws {
    let snapshot = try IndexSnapshot(of: try connection(to: name))
    try snapshot.dump(body)
  }
}

extension IndexSnapshot {
  /// Merges the terms of all segments. One term at a time is looked for in each, so that no more
  /// than one is held.
  func dump(_ body: (DumpEntry) throws -> Void) throws {
    var names: [[String]] = []
    var documentIDs: [[String]] = []
    for segment in segments {
      names.append(try segment.fieldNames(in: transaction))
      documentIDs.append(try segment.externalIDs(in: transaction))
    }
    // Where the search for the next term starts: after the lengths of all fields, which have the
    // empty term.
    var start: [UInt8] = [0, 0xff, 0xff, 0xff]
    while let term = try firstTerm(from: start) {
      var ids: [String: [String]] = [:]
      for index in segments.indices {
        try collect(
          term, of: index, names: names[index], documentIDs: documentIDs[index], into: &ids)
      }
      for (field, ids) in ids.sorted(by: { $0.key < $1.key }) {
        try body(
          DumpEntry(
            field: field, term: String(decoding: term, as: UTF8.self),
            ids: ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }))
      }
      start = term + [1]
    }
  }

  /// The first term of any segment at or after `start`.
  private func firstTerm(from start: [UInt8]) throws(IndexerError) -> [UInt8]? {
    var first: [UInt8]?
    for segment in segments {
      var cursor = try TermCursor(over: segment, from: start, in: transaction)
      guard try cursor.next() else { continue }
      if let known = first, known.lexicographicallyPrecedes(cursor.term) { continue }
      first = cursor.term
    }
    return first
  }

  /// Adds the ids of the live documents of a segment that have `term`, by field.
  private func collect(
    _ term: [UInt8], of index: Int, names: [String], documentIDs: [String],
    into ids: inout [String: [String]]
  ) throws(IndexerError) {
    let segment = segments[index]
    var cursor = try TermCursor(over: segment, from: term + [0], in: transaction)
    while try cursor.next(), cursor.term == term {
      guard Int(cursor.field) < names.count else {
        throw .corrupted(
          DecodingFault(problem: "field \(cursor.field) of \(names.count)", byteOffset: 0),
          at: segment.place(.terms))
      }
      for document in try liveDocuments(cursor.postings, of: index) {
        ids[names[Int(cursor.field)], default: []].append(documentIDs[Int(document)])
      }
    }
  }

  /// The documents of a postings list that are not deleted.
  func liveDocuments(_ postings: Span<UInt8>, of index: Int) throws(IndexerError) -> [UInt32] {
    var documents: [UInt32] = []
    do throws(DecodingFault) {
      var reader = try PostingsReader(postings)
      while try reader.next() {
        let document = try segments[index].documentNumber(UInt64(reader.document))
        if !tombstones[index].documents.contains(document) { documents.append(document) }
      }
    } catch {
      throw .corrupted(error, at: segments[index].place(.terms))
    }
    return documents
  }
}

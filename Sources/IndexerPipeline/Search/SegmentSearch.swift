import LMDB

/// A query on one segment.
struct SegmentSearch {
  /// A postings list that a word of the query matches.
  struct List {
    var term: [UInt8]
    var field: UInt16
    var fieldName: String
    /// Its documents, the deleted ones included.
    var documentCount: Int
    var place: StoredPlace
  }

  /// The position of the segment in the snapshot.
  let index: Int
  let fieldNames: [String]
  /// The lists of each word of the query, sorted by term and field name, which is the order of
  /// summing scores.
  private(set) var lists: [[List]] = []

  init(_ query: Query, on index: Int, of snapshot: borrowing IndexSnapshot) throws(IndexerError) {
    self.index = index
    let segment = snapshot.segments[index]
    fieldNames = try segment.fieldNames(in: snapshot.transaction)
    for word in query.words {
      var found: [List] = []
      // After an exact term comes a zero; a prefix matches whatever begins with it.
      let start = word.isPrefix ? word.term : word.term + [0]
      var cursor = try TermCursor(over: segment, from: start, in: snapshot.transaction)
      while try cursor.next(),
        word.isPrefix ? cursor.term.starts(with: word.term) : cursor.term == word.term
      {
        guard Int(cursor.field) < fieldNames.count else {
          throw .corrupted(
            DecodingFault(problem: "field \(cursor.field) is unknown", byteOffset: 0),
            at: segment.place(.terms))
        }
        let name = fieldNames[Int(cursor.field)]
        guard word.mayBe(in: name) else { continue }
        do throws(DecodingFault) {
          let reader = try PostingsReader(cursor.postings)
          found.append(
            List(
              term: cursor.term, field: cursor.field, fieldName: name,
              documentCount: reader.documentCount, place: cursor.place))
        } catch {
          throw .corrupted(error, at: segment.place(.terms))
        }
      }
      found.sort {
        $0.term == $1.term
          ? $0.fieldName < $1.fieldName : $0.term.lexicographicallyPrecedes($1.term)
      }
      lists.append(found)
    }
  }

  /// Whether every word is in some document of the segment.
  var mayMatch: Bool { lists.allSatisfy { !$0.isEmpty } }
}

extension SegmentSearch {
  /// Adds the documents of this segment that have the terms searched for.
  func addDocumentCounts(
    to ranking: inout Ranking, of snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    var counted: Set<Ranking.Entry> = []
    for list in lists.joined() {
      let entry = Ranking.Entry(field: list.fieldName, term: list.term)
      guard counted.insert(entry).inserted else { continue }
      ranking.documentCounts[entry, default: 0] += try liveCount(of: list, snapshot)
    }
  }

  /// Adds the sizes of this segment's fields, of those that are in `ranking` already.
  func addFieldSizes(
    to ranking: inout Ranking, of snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    for (number, name) in fieldNames.enumerated() where ranking.fields[name] != nil {
      let number = UInt16(number)
      guard
        let bytes = try snapshot.segments[index].lengths(
          ofField: number, in: snapshot.transaction)
      else { continue }
      let loss = snapshot.tombstones[index].losses[number] ?? Tombstones.FieldLoss()
      let (documentCount, termCount) = try decoding(snapshot) { () throws(DecodingFault) in
        let field = try FieldLengths(bytes)
        return (field.lengths.documentCount, field.totalLength)
      }
      ranking.fields[name]?.documentCount += documentCount - Int(loss.documentCount)
      ranking.fields[name]?.termCount += Int(termCount) - Int(loss.termCount)
    }
  }

  private func liveCount(
    of list: List, _ snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> Int {
    if snapshot.tombstones[index].documents.isEmpty { return list.documentCount }
    let postings = try postings(of: list, snapshot)
    return try decoding(snapshot) { () throws(DecodingFault) in
      try snapshot.liveDocuments(postings, of: index).count
    }
  }

  /// Runs `body`, saying where damage was found.
  private func decoding<Result>(
    _ snapshot: borrowing IndexSnapshot, _ body: () throws(DecodingFault) -> Result
  ) throws(IndexerError) -> Result {
    do throws(DecodingFault) {
      return try body()
    } catch {
      throw .corrupted(error, at: snapshot.segments[index].place(.terms))
    }
  }

  @_lifetime(borrow snapshot)
  private func postings(
    of list: List, _ snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> Span<UInt8> {
    try snapshot.segments[index].bytes(at: list.place, in: snapshot.transaction)
  }
}

// MARK: - Matching

extension SegmentSearch {
  /// The live documents that have all words, in increasing order. The rarest word comes first; the
  /// others only look at what it left.
  func matches(in snapshot: borrowing IndexSnapshot) throws(IndexerError) -> [UInt32] {
    let order = lists.indices.sorted { documentCount(ofWord: $0) < documentCount(ofWord: $1) }
    guard let rarest = order.first else { return [] }
    var candidates: Set<UInt32> = []
    for list in lists[rarest] {
      let postings = try postings(of: list, snapshot)
      let documents = try decoding(snapshot) { () throws(DecodingFault) in
        try snapshot.liveDocuments(postings, of: index)
      }
      candidates.formUnion(documents)
    }
    var documents = candidates.sorted()
    for word in order.dropFirst() where !documents.isEmpty {
      var isMatch = [Bool](repeating: false, count: documents.count)
      for list in lists[word] {
        let postings = try postings(of: list, snapshot)
        try decoding(snapshot) { () throws(DecodingFault) in
          var reader = try PostingsReader(postings)
          for position in documents.indices {
            guard try reader.seek(atOrAfter: documents[position]) else { break }
            if reader.document == documents[position] { isMatch[position] = true }
          }
        }
      }
      documents = zip(documents, isMatch).compactMap { $1 ? $0 : nil }
    }
    return documents
  }

  private func documentCount(ofWord word: Int) -> Int {
    lists[word].reduce(0) { $0 + $1.documentCount }
  }

  /// Those of `candidates` in which the words follow one another in one field.
  func phraseMatches(
    among candidates: [UInt32], in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> [UInt32] {
    var found: Set<UInt32> = []
    for field in Set(lists[0].map(\.field)) {
      // Where phrases may start, by document.
      var starts: [UInt32: [UInt32]] = [:]
      for word in lists.indices {
        var next: [UInt32: [UInt32]] = [:]
        for list in lists[word] where list.field == field {
          let postings = try postings(of: list, snapshot)
          try decoding(snapshot) { () throws(DecodingFault) in
            var reader = try PostingsReader(postings)
            for document in candidates where word == 0 || starts[document] != nil {
              guard try reader.seek(atOrAfter: document) else { break }
              guard reader.document == document else { continue }
              var positions: [UInt32] = []
              try reader.appendPositions(to: &positions)
              if word > 0 {
                let known = Set(starts[document] ?? [])
                positions = positions.compactMap { position in
                  guard position >= UInt32(word) else { return nil }
                  return known.contains(position - UInt32(word)) ? position - UInt32(word) : nil
                }
              }
              if !positions.isEmpty { next[document, default: []] += positions }
            }
          }
        }
        starts = next
        if starts.isEmpty { break }
      }
      found.formUnion(starts.keys)
    }
    return found.sorted()
  }
}

// MARK: - Scoring

extension SegmentSearch {
  /// The scores of `documents`, which are in increasing order.
  func scores(
    of documents: [UInt32], by ranking: Ranking, in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> [Double] {
    var scores = [Double](repeating: 0, count: documents.count)
    for list in lists.joined() {
      let score = ranking.scorer(of: Ranking.Entry(field: list.fieldName, term: list.term))
      let postings = try postings(of: list, snapshot)
      guard
        let lengthList = try snapshot.segments[index].lengths(
          ofField: list.field, in: snapshot.transaction)
      else { continue }
      try decoding(snapshot) { () throws(DecodingFault) in
        var reader = try PostingsReader(postings)
        var lengths = try FieldLengths(lengthList).lengths
        for position in documents.indices {
          guard try reader.seek(atOrAfter: documents[position]) else { break }
          guard reader.document == documents[position],
            try lengths.seek(atOrAfter: documents[position])
          else { continue }
          scores[position] += score(reader.frequency, lengths.frequency)
        }
      }
    }
    return scores
  }
}

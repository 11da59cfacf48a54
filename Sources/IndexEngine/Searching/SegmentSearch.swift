import LMDB
import SegmentFormat
import SystemSupport

/// A query on one segment.
///
/// Only fields and terms that a word of the query stands for are looked at: the work depends on
/// what is found, not on what the segment has.
struct SegmentSearch {
  /// A postings list that a word of the query matches.
  struct List {
    /// The field's number in the segment.
    var field: UInt16
    /// The number of the term in the field, in the ranking.
    var entry = 0
    /// Its documents, the deleted ones included.
    var documentCount: Int
    /// Where the block is, among the keys of blocks, that the postings lie in.
    var block: Int
    var range: Range<Int>
  }

  /// The lengths of a field: where they are.
  struct Lengths {
    var block: Int
    var range: Range<Int>
  }

  /// The position of the segment in the snapshot.
  let index: Int
  let work: SearchWork
  /// The lists of each word of the query, sorted by term and field name, which is the order of
  /// summing scores.
  var lists: [[List]] = []
  /// The fields of the ranking that the segment has, in increasing order, with the lengths of each.
  private var fields: [UInt16] = []
  private var lengths: [Lengths?] = []
  /// The keys of the blocks that lists and lengths are in.
  private var blockKeys: [[UInt8]] = []

  /// Finds the lists, and adds their documents to the figures of the ranking.
  init(
    _ query: Query, on index: Int, of snapshot: borrowing IndexSnapshot,
    _ ranking: inout Ranking, counting work: SearchWork
  ) throws(IndexerError) {
    self.index = index
    self.work = work
    var terms: [[Int]] = []
    for word in query.words.indices {
      var found: (lists: [List], terms: [Int]) = ([], [])
      try findLists(of: query.words[word], at: word, in: snapshot, &found, &ranking)
      lists.append(found.lists)
      terms.append(found.terms)
    }
    let segment = snapshot.segments[index]
    let found = Set(lists.joined().map(\.field)).sorted()
    let names = try segment.names(ofFields: found, in: snapshot.transaction)
    let rankedFields = names.map { ranking.number(ofField: $0) }
    for word in lists.indices {
      for position in lists[word].indices {
        let place = found.firstIndex(atOrAbove: lists[word][position].field, from: 0)
        lists[word][position].entry = ranking.number(
          ofEntry: terms[word][position], field: rankedFields[place])
      }
    }
    try addDocumentCounts(to: &ranking, of: snapshot)
  }

  /// Finds the fields that the words are in, here or in other segments, and adds their sizes to the
  /// figures of the ranking.
  ///
  /// - Parameter ranked: The fields of the ranking in byte order of their names.
  mutating func findFields(
    _ ranked: [(name: [UInt8], number: Int)], of snapshot: borrowing IndexSnapshot,
    _ ranking: inout Ranking
  ) throws(IndexerError) {
    let numbers = try snapshot.segments[index].fields(
      named: ranked.map(\.name), in: snapshot.transaction)
    var rankedFields: [Int] = []
    for (field, ranked) in zip(numbers, ranked) {
      guard let field else { continue }
      fields.append(field)
      rankedFields.append(ranked.number)
    }
    try findLengths(in: snapshot)
    try addFieldSizes(rankedFields, to: &ranking, of: snapshot)
  }

  /// Whether every word is in some document of the segment.
  var mayMatch: Bool { lists.allSatisfy { !$0.isEmpty } }
}

// MARK: - Finding lists

extension SegmentSearch {
  mutating func findLists(
    of word: Query.Word, at position: Int, in snapshot: borrowing IndexSnapshot,
    _ found: inout (lists: [List], terms: [Int]), _ ranking: inout Ranking
  ) throws(IndexerError) {
    let segment = snapshot.segments[index]
    var allowed: [UInt16]?
    if let names = word.fields {
      var numbers: [UInt16] = []
      for name in names {
        if let field = try segment.field(named: name, in: snapshot.transaction) {
          numbers.append(field)
        }
      }
      allowed = numbers.sorted()
    }
    if let allowed, !word.isPrefix {
      for field in allowed {
        try findLists(
          of: word, at: position, from: TermKey.bytes(term: word.term.span, field: field), [field],
          snapshot, &found, &ranking)
      }
    } else {
      // After an exact term comes a zero; a prefix matches whatever begins with it.
      let start = word.isPrefix ? word.term : word.term + [0]
      try findLists(of: word, at: position, from: start, allowed, snapshot, &found, &ranking)
    }
  }

  /// Finds the lists of a word from a key on: that of one field, or of all that are allowed.
  mutating func findLists(
    of word: Query.Word, at position: Int, from start: [UInt8], _ allowed: [UInt16]?,
    _ snapshot: borrowing IndexSnapshot, _ found: inout (lists: [List], terms: [Int]),
    _ ranking: inout Ranking
  ) throws(IndexerError) {
    let segment = snapshot.segments[index]
    var cursor = try TermCursor(over: segment, from: start, in: snapshot.transaction)
    var blockCount = 0
    var term: [UInt8] = []
    var number = -1
    while try cursor.next(), word.matches(cursor.term.span) {
      guard work.spend(1) else { break }
      if let allowed {
        if !word.isPrefix, cursor.field != allowed[0] { break }
        let place = allowed.firstIndex(atOrAbove: cursor.field, from: 0)
        guard place < allowed.count, allowed[place] == cursor.field else { continue }
      }
      guard found.lists.count < SearchRequest.maximumTermCount else {
        throw IndexerError(
          .query(.tooManyTerms(word: word.text, limit: SearchRequest.maximumTermCount)))
      }
      if cursor.blockCount != blockCount {
        blockCount = cursor.blockCount
        blockKeys.append(cursor.blockKey)
      }
      if number < 0 || cursor.term != term {
        term = cursor.term
        number = ranking.number(ofTerm: term)
      }
      do throws(DecodingFault) {
        let reader = try PostingsReader(cursor.postings)
        found.lists.append(
          List(
            field: cursor.field, documentCount: reader.documentCount, block: blockKeys.count - 1,
            range: cursor.postingsRange))
        found.terms.append(number)
        work.addTerm(ofWord: position, documentCount: reader.documentCount)
      } catch {
        throw .corrupted(error, at: segment.location(.terms))
      }
    }
    try work.check()
  }

  /// Finds the lengths of the fields, which have the empty term, side by side.
  mutating func findLengths(
    in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    guard !fields.isEmpty else { return }
    let segment = snapshot.segments[index]
    var cursor = try TermCursor(
      over: segment, from: lengthsKey(fields[0]), in: snapshot.transaction)
    var blockCount = 0
    var hasEntry = try cursor.next()
    for field in fields {
      // From one field to the next it is a few steps, or another look-up.
      for _ in 0..<Self.lengthStepCount
      where hasEntry && cursor.term.isEmpty && cursor.field < field {
        guard work.spend(1) else { break }
        hasEntry = try cursor.next()
      }
      if hasEntry, cursor.term.isEmpty, cursor.field < field {
        cursor = try TermCursor(over: segment, from: lengthsKey(field), in: snapshot.transaction)
        blockCount = 0
        hasEntry = try cursor.next()
      }
      guard hasEntry, cursor.term.isEmpty, cursor.field == field else {
        lengths.append(nil)
        continue
      }
      if cursor.blockCount != blockCount {
        blockCount = cursor.blockCount
        blockKeys.append(cursor.blockKey)
      }
      lengths.append(Lengths(block: blockKeys.count - 1, range: cursor.postingsRange))
    }
    try work.check()
  }

  /// As many entries are passed over in the time of a look-up.
  private static let lengthStepCount = 64

  private func lengthsKey(_ field: UInt16) -> [UInt8] {
    let noTerm: [UInt8] = []
    return TermKey.bytes(term: noTerm.span, field: field)
  }
}

// MARK: - Reading lists

extension SegmentSearch {
  /// Reads a block, unless it is the one that was read last: lists that follow one another lie in
  /// few.
  @_lifetime(bytes: borrow snapshot, copy bytes)
  package func enter(
    _ block: Int, after current: inout Int, _ bytes: inout Span<UInt8>,
    in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    guard block != current else { return }
    bytes = try snapshot.segments[index].block(
      withKey: blockKeys[block], in: snapshot.transaction)
    current = block
  }

  /// A list in its block.
  @_lifetime(copy block)
  package func part(
    _ range: Range<Int>, of block: Span<UInt8>
  ) throws(DecodingFault) -> Span<UInt8> {
    guard range.upperBound <= block.count else {
      throw DecodingFault(problem: "a block is shorter than it was", byteOffset: block.count)
    }
    return block.extracting(range)
  }

  /// Runs `body`, saying where damage was found.
  package func decoding<Result>(
    _ snapshot: borrowing IndexSnapshot, _ body: () throws(DecodingFault) -> Result
  ) throws(IndexerError) -> Result {
    do throws(DecodingFault) {
      return try body()
    } catch {
      throw .corrupted(error, at: snapshot.segments[index].location(.terms))
    }
  }

  /// Adds the documents of this segment that have the terms searched for, each counted once
  /// although several words may stand for it.
  private func addDocumentCounts(
    to ranking: inout Ranking, of snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    let tombstones = snapshot.tombstones[index]
    var current = -1
    var block = Span<UInt8>()
    for list in lists.joined() where ranking.isNew(list.entry, inSegment: index) {
      var count = list.documentCount
      if !tombstones.isEmpty {
        try enter(list.block, after: &current, &block, in: snapshot)
        count = 0
        try decoding(snapshot) { () throws(DecodingFault) in
          var reader = try PostingsReader(part(list.range, of: block))
          while try reader.next(), work.spend(1) {
            if !tombstones.contains(reader.document) { count += 1 }
          }
        }
        try work.check()
      }
      ranking.add(documentCount: count, toEntry: list.entry)
    }
  }

  /// Adds the sizes of the fields of the lists.
  private func addFieldSizes(
    _ rankedFields: [Int], to ranking: inout Ranking, of snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    var current = -1
    var block = Span<UInt8>()
    for place in fields.indices {
      guard let stored = lengths[place] else { continue }
      try enter(stored.block, after: &current, &block, in: snapshot)
      let loss = snapshot.tombstones[index].losses[fields[place]] ?? Tombstones.FieldLoss()
      try decoding(snapshot) { () throws(DecodingFault) in
        let field = try FieldLengths(part(stored.range, of: block))
        ranking.add(
          documentCount: field.lengths.documentCount - Int(loss.documentCount),
          termCount: Int(field.totalLength) - Int(loss.termCount),
          toField: rankedFields[place])
      }
    }
  }
}

// MARK: - Matching

extension SegmentSearch {
  /// The live documents that have all words, in increasing order. The rarest word comes first; the
  /// others only look at what it left.
  package func matches(in snapshot: borrowing IndexSnapshot) throws(IndexerError) -> [UInt32] {
    let order = lists.indices.sorted { documentCount(ofWord: $0) < documentCount(ofWord: $1) }
    guard let rarest = order.first else { return [] }
    var documents = try liveDocuments(ofWord: rarest, in: snapshot)
    for word in order.dropFirst() where !documents.isEmpty {
      var isMatch = [Bool](repeating: false, count: documents.count)
      var current = -1
      var block = Span<UInt8>()
      for list in lists[word] {
        try enter(list.block, after: &current, &block, in: snapshot)
        try decoding(snapshot) { () throws(DecodingFault) in
          try forEachMatch(of: documents, in: PostingsReader(part(list.range, of: block))) {
            position, _ in
            isMatch[position] = true
          }
        }
        try work.check()
      }
      documents = zip(documents, isMatch).compactMap { $1 ? $0 : nil }
    }
    return documents
  }

  private func documentCount(ofWord word: Int) -> Int {
    lists[word].reduce(0) { $0 + $1.documentCount }
  }

  /// The documents that have a word, without the deleted ones, in increasing order.
  private func liveDocuments(
    ofWord word: Int, in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> [UInt32] {
    let segment = snapshot.segments[index]
    let tombstones = snapshot.tombstones[index]
    // One list is in order; several are put together in a bitmap.
    let isOne = lists[word].count == 1
    var documents: [UInt32] = []
    var bits = [UInt64](repeating: 0, count: isOne ? 0 : Int(segment.documentCount) / 64 + 1)
    var current = -1
    var block = Span<UInt8>()
    for list in lists[word] {
      try enter(list.block, after: &current, &block, in: snapshot)
      try decoding(snapshot) { () throws(DecodingFault) in
        var reader = try PostingsReader(part(list.range, of: block))
        while try reader.next(), work.spend(1) {
          let document = try segment.documentNumber(UInt64(reader.document))
          if tombstones.contains(document) { continue }
          if isOne {
            documents.append(document)
          } else {
            bits[Int(document >> 6)] |= 1 << UInt64(document & 63)
          }
        }
      }
      try work.check()
    }
    for word in bits.indices {
      var rest = bits[word]
      while rest != 0 {
        documents.append(UInt32(word << 6 | rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return documents
  }

  /// Calls `body` for each of `documents`, which are in increasing order, that a list has.
  ///
  /// - Complexity: O(*m* log *n*) for the shorter one of both, besides the blocks that are skipped.
  @inline(__always)
  func forEachMatch(
    of documents: [UInt32], in postings: consuming PostingsReader,
    _ body: (Int, inout PostingsReader) throws(DecodingFault) -> Void
  ) throws(DecodingFault) {
    var position = 0
    while position < documents.count, try postings.seek(atOrAfter: documents[position]) {
      guard work.spend(1) else { return }
      if postings.document == documents[position] {
        try body(position, &postings)
        position += 1
      } else {
        position = documents.firstIndex(atOrAbove: postings.document, from: position)
      }
    }
  }
}

// MARK: - Scoring

extension SegmentSearch {
  /// The scores of `documents`, which are in increasing order.
  func scores(
    of documents: [UInt32], by ranking: Ranking, in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> [Double] {
    var scores = [Double](repeating: 0, count: documents.count)
    var current = -1
    var block = Span<UInt8>()
    var currentLengths = -1
    var lengthBlock = Span<UInt8>()
    for list in lists.joined() {
      let place = fields.firstIndex(atOrAbove: list.field, from: 0)
      // Names that are damaged may be out of order, so that they are not found.
      guard place < fields.count, fields[place] == list.field, let stored = lengths[place] else {
        continue
      }
      let scorer = ranking.scorer(ofEntry: list.entry)
      try enter(list.block, after: &current, &block, in: snapshot)
      try enter(stored.block, after: &currentLengths, &lengthBlock, in: snapshot)
      try decoding(snapshot) { () throws(DecodingFault) in
        var lengths = try FieldLengths(part(stored.range, of: lengthBlock)).lengths
        try forEachMatch(of: documents, in: PostingsReader(part(list.range, of: block))) {
          (position, reader) throws(DecodingFault) in
          guard try lengths.seek(atOrAfter: documents[position]) else { return }
          scores[position] += scorer.score(frequency: reader.frequency, length: lengths.frequency)
        }
      }
      try work.check()
    }
    return scores
  }
}

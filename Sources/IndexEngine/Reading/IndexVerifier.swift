import LMDB
import SegmentFormat
public import SystemSupport

/// What checking an index found.
public struct VerificationReport: Sendable, Equatable {
  /// The index.
  public var name: String
  /// Segments checked.
  public var segmentCount = 0
  /// Documents checked, the deleted ones included.
  public var documentCount = 0
  /// Terms checked.
  public var termCount = 0
  /// Postings checked: a document of a term.
  public var postingCount = 0
  /// What is wrong, at most 100 findings. Empty if all is well.
  public var problems: [IndexerError] = []

  static let maximumProblemCount = 100
}

/// Checks a snapshot, going on after a problem where it can.
package struct IndexVerifier {
  package private(set) var report: VerificationReport

  /// Begins a report about the index called `name`.
  package init(named name: String) { report = VerificationReport(name: name) }

  /// Checks the pages of the file.
  package mutating func verifyPages(of connection: IndexConnection) throws(IndexerError) {
    do throws(LMDBError) {
      try connection.environment.checkPages()
    } catch {
      // That there is no reader slot, no descriptor or no room says nothing about the index.
      let error = IndexerError(error)
      guard error.code == .corrupted else { throw error }
      note(error)
    }
  }

  /// Checks what a snapshot holds.
  package mutating func verify(_ snapshot: borrowing IndexSnapshot) throws(IndexerError) {
    for index in snapshot.segments.indices {
      let segment = snapshot.segments[index]
      report.segmentCount += 1
      attempt { (verifier) throws(IndexerError) in
        try verifier.verifyDocuments(of: index, snapshot)
      }
      attempt { (verifier) throws(IndexerError) in
        try verifier.verifyTerms(of: index, snapshot)
      }
      let tombstones = snapshot.tombstones[index]
      if tombstones.count != Int(snapshot.manifest.segments[index].deletedCount) {
        note(
          "\(tombstones.count) tombstones, "
            + "the manifest counts \(snapshot.manifest.segments[index].deletedCount)",
          at: segment.location)
      }
      if !tombstones.isEmpty, tombstones.maximum >= segment.documentCount {
        note("a tombstone for no document", at: segment.location)
      }
    }
  }

  private mutating func note(_ problem: IndexerError) {
    if report.problems.count < VerificationReport.maximumProblemCount {
      report.problems.append(problem)
    }
  }

  private mutating func note(_ contradiction: String, at location: IndexerError.Location) {
    note(IndexerError(.damage(.contradiction(contradiction)), at: location))
  }

  private mutating func attempt(_ body: (inout IndexVerifier) throws(IndexerError) -> Void) {
    do throws(IndexerError) {
      try body(&self)
    } catch {
      note(error)
    }
  }

  /// Every live document has an id that leads back to it; blocks follow one another without gaps.
  private mutating func verifyDocuments(
    of index: Int, _ snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    let segment = snapshot.segments[index]
    var number: UInt32 = 0
    var ids: [[UInt8]] = []
    var blocks = try SegmentCursor(over: segment, part: .documents, in: snapshot.transaction)
    while try blocks.next() {
      if BigEndian.uint32(blocks.key) != number {
        note("the block of document \(number) is missing", at: segment.location(.documents))
      }
      do throws(DecodingFault) {
        let block = try DocumentBlock(blocks.value)
        for index in 0..<block.count { ids.append(Array(block.id(index))) }
        number += UInt32(block.count)
      } catch {
        throw .corrupted(error, at: segment.location(.documents))
      }
    }
    if number != segment.documentCount {
      note(
        "\(number) documents, the manifest counts \(segment.documentCount)",
        at: segment.location(.documents))
    }
    let deleted = snapshot.tombstones[index]
    for (number, id) in ids.enumerated() {
      report.documentCount += 1
      // A deleted document may have no id any more, or share it with a later version.
      if deleted.contains(UInt32(number)) { continue }
      guard !id.isEmpty, try segment.mayContain(id, in: snapshot.transaction) else {
        note(
          "document \(number) would not be found to be replaced", at: segment.location(.idFilter))
        continue
      }
      if try segment.find(id: id.span, in: snapshot.transaction) != UInt32(number) {
        note("document \(number) cannot be found by its id", at: segment.location(.ids))
      }
    }
  }

  /// Terms are in order, postings name documents of the segment, positions are as many as the
  /// frequency says.
  private mutating func verifyTerms(
    of index: Int, _ snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) {
    let segment = snapshot.segments[index]
    let fieldNames = try segment.fieldNames(in: snapshot.transaction)
    let fieldCount = fieldNames.count
    if zip(fieldNames, fieldNames.dropFirst()).contains(where: {
      !$0.utf8.lexicographicallyPrecedes($1.utf8)
    }) {
      note("the names are out of order", at: segment.location(.fields))
    }
    var lengthSums = [UInt64](repeating: 0, count: fieldCount)
    var occurrences = [UInt64](repeating: 0, count: fieldCount)
    var previous: [UInt8]?
    var entryCount: UInt64 = 0
    var terms = try TermCursor(over: segment, in: snapshot.transaction)
    while try terms.next() {
      entryCount += 1
      let key = TermKey.bytes(term: terms.term.span, field: terms.field)
      if let previous, !previous.lexicographicallyPrecedes(key) {
        note("entry \(entryCount) is out of order", at: segment.location(.terms))
      }
      previous = key
      guard Int(terms.field) < fieldCount else {
        note("entry \(entryCount) is of field \(terms.field)", at: segment.location(.terms))
        continue
      }
      do throws(DecodingFault) {
        if terms.term.isEmpty {
          let lengths = try FieldLengths(terms.postings)
          let sum = try sumOfFrequencies(lengths.lengths, of: segment, hasPositions: false)
          if sum != lengths.totalLength {
            note("the lengths of field \(terms.field) do not add up", at: segment.location(.terms))
          }
          lengthSums[Int(terms.field)] = sum
        } else {
          report.termCount += 1
          occurrences[Int(terms.field)] += try sumOfFrequencies(
            PostingsReader(terms.postings), of: segment, hasPositions: true)
        }
      } catch {
        note(.corrupted(error, at: segment.location(.terms)))
      }
    }
    if entryCount != snapshot.manifest.segments[index].termCount {
      note(
        "\(entryCount) entries, the manifest counts another number", at: segment.location(.terms))
    }
    for field in 0..<fieldCount where lengthSums[field] != occurrences[field] {
      note("field \(field) has other terms than its lengths say", at: segment.location(.terms))
    }
  }

  private mutating func sumOfFrequencies(
    _ postings: consuming PostingsReader, of segment: SegmentReader, hasPositions: Bool
  ) throws(DecodingFault) -> UInt64 {
    var sum: UInt64 = 0
    var positions: [UInt32] = []
    while try postings.next() {
      _ = try segment.documentNumber(UInt64(postings.document))
      sum += UInt64(postings.frequency)
      guard hasPositions else { continue }
      report.postingCount += 1
      positions.removeAll(keepingCapacity: true)
      try postings.appendPositions(to: &positions)
    }
    return sum
  }
}

import SegmentFormat
import SystemSupport

// Words that follow one another: the positions of the documents that have them all are walked.
extension SegmentSearch {
  /// Where phrases may start: positions, by document.
  private struct Starts {
    var documents: [UInt32] = []
    /// Where the positions of each document end.
    var ends: [Int] = []
    var positions: [UInt32] = []

    func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    mutating func append(_ document: UInt32) {
      documents.append(document)
      ends.append(positions.count)
    }

    /// Those that are kept.
    func filtered(by isKept: [Bool]) -> Starts {
      var result = Starts()
      for index in documents.indices {
        for position in range(of: index) where isKept[position] {
          result.positions.append(positions[position])
        }
        if result.positions.count > result.ends.last ?? 0 { result.append(documents[index]) }
      }
      return result
    }
  }

  /// Those of `candidates` in which the words follow one another in one field.
  func phraseMatches(
    among candidates: [UInt32], in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> [UInt32] {
    guard lists.count > 1 else { return candidates }
    // The lists of each word by field: a prefix has them by term.
    let byField = lists.map { lists in lists.sorted { $0.field < $1.field } }
    var found: Set<UInt32> = []
    for first in byField[0] {
      var starts = try starts(of: first, among: candidates, in: snapshot)
      for word in byField.indices.dropFirst() where !starts.documents.isEmpty {
        starts = try following(
          starts, by: word, Self.part(of: byField[word], inField: first.field), in: snapshot)
      }
      found.formUnion(starts.documents)
    }
    return found.sorted()
  }

  /// The lists of a field among lists in the order of fields.
  private static func part(of lists: [List], inField field: UInt16) -> ArraySlice<List> {
    var (low, high) = (0, lists.count)
    while low < high {
      let middle = (low + high) / 2
      if lists[middle].field < field { low = middle + 1 } else { high = middle }
    }
    return lists[low...].prefix { $0.field == field }
  }

  private func starts(
    of list: List, among candidates: [UInt32], in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> Starts {
    var starts = Starts()
    var current = -1
    var block = Span<UInt8>()
    try enter(list.block, after: &current, &block, in: snapshot)
    try decoding(snapshot) { () throws(DecodingFault) in
      try forEachMatch(of: candidates, in: PostingsReader(part(list.range, of: block))) {
        (position, reader) throws(DecodingFault) in
        try reader.appendPositions(to: &starts.positions)
        starts.append(candidates[position])
        _ = work.spend(Int(reader.frequency))
      }
    }
    try work.check()
    return starts
  }

  /// The phrases that go on with one of some lists, those of the word at `offset`.
  private func following(
    _ starts: Starts, by offset: Int, _ lists: ArraySlice<List>,
    in snapshot: borrowing IndexSnapshot
  ) throws(IndexerError) -> Starts {
    var isKept = [Bool](repeating: false, count: starts.positions.count)
    var positions: [UInt32] = []
    var current = -1
    var block = Span<UInt8>()
    for list in lists {
      try enter(list.block, after: &current, &block, in: snapshot)
      try decoding(snapshot) { () throws(DecodingFault) in
        try forEachMatch(of: starts.documents, in: PostingsReader(part(list.range, of: block))) {
          (index, reader) throws(DecodingFault) in
          positions.removeAll(keepingCapacity: true)
          try reader.appendPositions(to: &positions)
          _ = work.spend(positions.count)
          // Both are in increasing order.
          var next = 0
          for start in starts.range(of: index) {
            let wanted = UInt64(starts.positions[start]) + UInt64(offset)
            while next < positions.count, UInt64(positions[next]) < wanted { next += 1 }
            if next < positions.count, UInt64(positions[next]) == wanted { isKept[start] = true }
          }
        }
      }
      try work.check()
    }
    return starts.filtered(by: isKept)
  }
}

import Glibc

/// The figures of an index that scores depend on, over all segments and live documents.
///
/// Scores are therefore the same however the documents are spread over segments. Fields, and terms
/// in them, are numbered as they are met: there can be as many as words of the query have found.
struct Ranking {
  /// A term in a field.
  private struct Entry: Hashable {
    var field: Int
    var term: Int
  }

  /// The documents with a field, and the terms in it.
  struct Field {
    var documentCount = 0
    var termCount = 0
  }

  /// How many live documents have a term in a field.
  private struct Matching {
    var field: Int
    var documentCount = 0
    /// The segment that was counted last.
    var segment = -1
  }

  private(set) var fields: [Field] = []
  private var fieldNumbers: [String: Int] = [:]
  private var termNumbers: [[UInt8]: Int] = [:]
  private var entryNumbers: [Entry: Int] = [:]
  private var matching: [Matching] = []

  // The usual constants of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
  // 2009).
  private static let k1 = 1.2
  private static let b = 0.75
}

extension Ranking {
  /// The fields in byte order of their names.
  var fieldsInOrder: [(name: [UInt8], number: Int)] {
    fieldNumbers.map { (name: Array($0.utf8), number: $1) }
      .sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// The number of a field.
  package mutating func number(ofField name: String) -> Int {
    if let number = fieldNumbers[name] { return number }
    fieldNumbers[name] = fields.count
    fields.append(Field())
    return fields.count - 1
  }

  /// The number of a term.
  package mutating func number(ofTerm term: [UInt8]) -> Int {
    if let number = termNumbers[term] { return number }
    termNumbers[term] = termNumbers.count
    return termNumbers.count - 1
  }

  /// The number of a term in a field, both by their numbers.
  package mutating func number(ofEntry term: Int, field: Int) -> Int {
    let entry = Entry(field: field, term: term)
    if let number = entryNumbers[entry] { return number }
    entryNumbers[entry] = matching.count
    matching.append(Matching(field: field))
    return matching.count - 1
  }

  /// Whether the documents of a segment have not been counted for an entry; they count as counted
  /// then.
  package mutating func isNew(_ entry: Int, inSegment segment: Int) -> Bool {
    guard matching[entry].segment != segment else { return false }
    matching[entry].segment = segment
    return true
  }

  /// Adds documents with an entry.
  package mutating func add(documentCount: Int, toEntry entry: Int) {
    matching[entry].documentCount += documentCount
  }

  /// Adds documents with a field, and the terms in it.
  package mutating func add(documentCount: Int, termCount: Int, toField field: Int) {
    fields[field].documentCount += documentCount
    fields[field].termCount += termCount
  }
}

extension Ranking {
  /// Scores a term in a field by its frequency in a document and the length of the field there.
  struct Scorer {
    fileprivate let weight: Double
    fileprivate let averageLength: Double

    @inline(__always)
    func score(frequency: UInt32, length: UInt32) -> Double {
      let frequency = Double(frequency)
      let norm = k1 * (1 - b + b * Double(length) / averageLength)
      return weight * frequency * (k1 + 1) / (frequency + norm)
    }
  }

  /// What scores an entry.
  func scorer(ofEntry entry: Int) -> Scorer {
    let field = fields[matching[entry].field]
    let matching = Double(matching[entry].documentCount)
    let all = Double(field.documentCount)
    return Scorer(
      weight: log(1 + (all - matching + 0.5) / (matching + 0.5)),
      averageLength: Double(max(field.termCount, 1)) / Double(max(field.documentCount, 1)))
  }
}

import Glibc

/// The figures of an index that scores depend on, over all segments and live documents.
///
/// Scores are therefore the same however the documents are spread over segments.
struct Ranking {
  /// A term in a field.
  struct Entry: Hashable {
    var field: String
    var term: [UInt8]
  }

  /// The documents with a field, and the terms in it.
  struct Field {
    var documentCount = 0
    var termCount = 0
  }

  var fields: [String: Field] = [:]
  /// How many live documents have a term in a field.
  var documentCounts: [Entry: Int] = [:]

  // The usual constants of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework",
  // 2009).
  private static let k1 = 1.2
  private static let b = 0.75

  /// A function from frequency and field length to score, for one term in one field.
  func scorer(of entry: Entry) -> (_ frequency: UInt32, _ length: UInt32) -> Double {
    let field = fields[entry.field] ?? Field()
    let matching = Double(documentCounts[entry] ?? 0)
    let all = Double(field.documentCount)
    let weight = log(1 + (all - matching + 0.5) / (matching + 0.5))
    let averageLength = Double(max(field.termCount, 1)) / Double(max(field.documentCount, 1))
    return { frequency, length in
      let frequency = Double(frequency)
      let norm = Self.k1 * (1 - Self.b + Self.b * Double(length) / averageLength)
      return weight * frequency * (Self.k1 + 1) / (frequency + norm)
    }
  }
}

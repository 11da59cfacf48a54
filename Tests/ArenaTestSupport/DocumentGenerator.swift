import Foundation

/// Makes documents whose words follow a Zipf-like distribution, Unicode included.
public struct DocumentGenerator {
  private var random: SeededGenerator
  private static let vocabulary: [String] = {
    let special = [
      "naïve", "Crème", "brûlée", "Ångström", "Straße", "GROSS", "Ελλάδα", "ΣΊΣΥΦΟΣ", "Москва",
      "élève",
      "İstanbul", "ﬁnance", "①②", "x86", "42", "2024", "don't", "semi;colon", "under_score",
      "tab\tbed",
      "quote\"d", "back\\slash", "new\nline", "emoji 🎉 party", String(repeating: "long", count: 70),
    ]
    return special + (0..<3_000).map { "word\($0)" }
  }()

  /// A generator whose documents follow from a seed.
  public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A random number below a limit.
  public mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

  private mutating func words(_ count: Int) -> String {
    (0..<count).map { _ in
      let size = Double(Self.vocabulary.count)
      let rank = Int(pow(size, Double.random(in: 0..<1, using: &random))) - 1
      return Self.vocabulary[max(0, min(rank, Self.vocabulary.count - 1))]
    }.joined(separator: below(5) == 0 ? ", " : " ")
  }

  /// A document with the given id as one line of JSON.
  public mutating func document(id: String) throws -> String {
    var fields: [String: Any] = ["id": id, "title": words(below(6)), "body": words(below(40))]
    if below(3) == 0 { fields["tags"] = (0..<below(4)).map { _ in words(1) } }
    if below(4) == 0 { fields["meta"] = ["author": ["name": words(2)], "year": below(3_000)] }
    if below(5) == 0 { fields["flag"] = true }
    if below(6) == 0 { fields["field\(below(30))"] = words(3) }
    let data = try JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }
}

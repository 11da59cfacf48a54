import Foundation
import IndexerPipeline

/// The parts of a document that show why it was found.
struct Excerpt {
  /// The most characters of a field that are shown.
  private static let width = 100
  /// The most fields that are shown.
  private static let fieldCount = 2
  /// Larger documents are not looked into: only their beginning is shown.
  private static let maximumByteCount = 1 << 20

  /// A word of the query, and the field it has to be in if there is one.
  private struct Word {
    var text: String
    var field: String?
  }

  private let words: [Word]
  private let fields: Set<String>
  private let matchesPrefix: Bool
  private let emphasize: (String) -> String

  /// - Parameters:
  ///   - request: What was searched for.
  ///   - emphasize: What is done to a word of it.
  init(of request: SearchRequest, emphasize: @escaping (String) -> String) {
    words = request.text.split(separator: " ").map { part in
      let parts = part.split(separator: ":", maxSplits: 1)
      return Word(
        text: String(parts.last ?? part).trimmingCharacters(in: .punctuationCharacters),
        field: parts.count == 2 ? String(parts[0]) : nil)
    }
    fields = Set(request.fields)
    matchesPrefix = request.matchesPrefix
    self.emphasize = emphasize
  }

  /// The fields with the most different words of the query, a line each; the beginning of the document
  /// if no field has one as it is written there.
  func lines(of document: [UInt8], id: String) -> [String] {
    var found: [(field: String, text: String, places: [Range<String.Index>], wordCount: Int)] = []
    if document.count <= Self.maximumByteCount,
      let object = try? JSONSerialization.jsonObject(with: Data(document))
    {
      forEachText(of: object, field: "") { field, text in
        // The id stands above already.
        guard text != id, fields.isEmpty || fields.contains(field) else { return }
        let places = words.filter { !$0.text.isEmpty && ($0.field ?? field) == field }
          .compactMap { place(of: $0.text, in: text) }
        if !places.isEmpty {
          found.append((field, text, places, places.count))
        }
      }
    }
    guard !found.isEmpty else {
      let text = Self.printable(String(decoding: document.prefix(4 * Self.width), as: UTF8.self))
      return [text.count > Self.width ? text.prefix(Self.width) + "…" : text]
    }
    found.sort { left, right in
      (right.wordCount, Self.prose(right.text), left.field)
        < (left.wordCount, Self.prose(left.text), right.field)
    }
    return found.prefix(Self.fieldCount).map { entry in
      "\(Self.printable(entry.field)): \(part(of: entry.text, with: entry.places))"
    }
  }

  /// How much a text says to a person as far as it is shown: letters count for it, all but letters and
  /// spaces against it, as in version numbers and addresses.
  private static func prose(_ text: String) -> Int {
    text.prefix(width).reduce(0) { sum, character in
      sum + (character.isLetter ? 1 : character == " " ? 0 : -3)
    }
  }

  /// The text on one line, without what a terminal would obey.
  static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      if isControl || scalar == " " {
        if !result.hasSuffix(" ") { result += " " }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func forEachText(
    of value: Any, field: String, _ body: (_ field: String, _ text: String) -> Void
  ) {
    switch value {
    case let text as String: body(field, text)
    case let elements as [Any]:
      for element in elements { forEachText(of: element, field: field, body) }
    case let object as [String: Any]:
      for (name, value) in object {
        forEachText(of: value, field: field.isEmpty ? name : "\(field).\(name)", body)
      }
    default: break
    }
  }

  /// Where a word stands in a text first.
  private func place(of word: String, in text: String) -> Range<String.Index>? {
    var start = text.startIndex
    while let place = text.range(
      of: word, options: [.caseInsensitive, .diacriticInsensitive], range: start..<text.endIndex)
    {
      let isBegun =
        place.lowerBound == text.startIndex
        || !isLetter(text[text.index(before: place.lowerBound)])
      let isEnded = place.upperBound == text.endIndex || !isLetter(text[place.upperBound])
      if isBegun && (isEnded || matchesPrefix) { return place }
      guard place.lowerBound < text.endIndex else { return nil }
      start = text.index(after: place.lowerBound)
    }
    return nil
  }

  private func isLetter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }

  /// The text around the first place, with all places in it emphasized.
  private func part(of text: String, with places: [Range<String.Index>]) -> String {
    let places = places.sorted { $0.lowerBound < $1.lowerBound }
    let lead = text.index(
      places[0].lowerBound, offsetBy: -Self.width / 4, limitedBy: text.startIndex)
    let start = lead ?? text.startIndex
    let end = text.index(start, offsetBy: Self.width, limitedBy: text.endIndex) ?? text.endIndex
    var result = start > text.startIndex ? "…" : ""
    var position = start
    for place in places where place.lowerBound >= position && place.upperBound <= end {
      result += Self.printable(String(text[position..<place.lowerBound]))
      result += emphasize(Self.printable(String(text[place])))
      position = place.upperBound
    }
    result += Self.printable(String(text[position..<end]))
    return end < text.endIndex ? result + "…" : result
  }
}

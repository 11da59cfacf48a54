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

  private let results: SearchResults
  private let emphasize: (String) -> String

  /// - Parameters:
  ///   - results: What was found.
  ///   - emphasize: What is done to a word of the query.
  init(of results: SearchResults, emphasize: @escaping (String) -> String) {
    self.results = results
    self.emphasize = emphasize
  }

  /// The fields with the most different words of the query, a line each; the beginning of the
  /// document if it is too large to be looked into.
  func lines(of hit: SearchHit) -> [String] {
    let document = hit.document
    // The id stands above already.
    var found =
      document.count > Self.maximumByteCount
      ? [] : results.passages(of: hit).filter { $0.text != hit.id }
    guard !found.isEmpty else {
      let text = Self.printable(String(decoding: document.prefix(4 * Self.width), as: UTF8.self))
      return [text.count > Self.width ? text.prefix(Self.width) + "…" : text]
    }
    found.sort { left, right in
      (right.wordCount, Self.prose(right.text), left.field)
        < (left.wordCount, Self.prose(left.text), right.field)
    }
    return found.prefix(Self.fieldCount).map { entry in
      "\(Self.printable(entry.field)): \(part(of: entry))"
    }
  }

  /// How much a text says to a person as far as it is shown: letters count for it, all but letters
  /// and spaces against it, as in version numbers and addresses.
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

  /// The text around the first place, with all places in it emphasized.
  private func part(of passage: SearchPassage) -> String {
    let (text, places) = (passage.text, passage.places)
    let lead = text.index(
      places[0].lowerBound, offsetBy: -Self.width / 4, limitedBy: text.startIndex)
    let start = lead ?? text.startIndex
    let end = text.index(start, offsetBy: Self.width, limitedBy: text.endIndex) ?? text.endIndex
    var result = start > text.startIndex ? "…" : ""
    var position = start
    for place in places where place.upperBound <= end {
      result += Self.printable(String(text[position..<place.lowerBound]))
      result += emphasize(Self.printable(String(text[place])))
      position = place.upperBound
    }
    result += Self.printable(String(text[position..<end]))
    return end < text.endIndex ? result + "…" : result
  }
}

import Foundation

/// Cuts text into terms with Foundation, slowly, to compare the tokenizer with.
public enum NaiveTerms {
  /// The terms of a text by the documented rule, for scripts whose words are separated by spaces.
  public static func of(_ text: String) -> [String] {
    // A sign that stands for letters or digits is a word by itself.
    var apart = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isSign = [.otherNumber, .otherSymbol].contains(scalar.properties.generalCategory)
      apart.append(contentsOf: isSign ? [" ", scalar, " "] : [scalar])
    }
    let folded = String(apart).decomposedStringWithCompatibilityMapping.unicodeScalars
      // Marks that belong to no script: accents, and those of Arabic.
      .filter { scalar in
        ![0x300...0x36f, 0x64b...0x655, 0x670...0x670].contains { $0.contains(scalar.value) }
      }
    // Case folding beyond lower case, for the letters that the tests use.
    let lower = String(String.UnicodeScalarView(folded)).lowercased()
      .replacingOccurrences(of: "ß", with: "ss").replacingOccurrences(of: "ς", with: "σ")
    let letters = CharacterSet.alphanumerics
    return lower.unicodeScalars.split { !letters.contains($0) }
      .map { String(String.UnicodeScalarView($0)).precomposedStringWithCanonicalMapping }
      // A term that is too long is left out, but keeps its place.
      .map { $0.utf8.count <= 250 ? $0 : "" }
  }
}

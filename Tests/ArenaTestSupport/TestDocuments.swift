/// Documents whose content follows from their ids.
public enum TestDocuments {
  /// A document with one field besides its id.
  public static func document(_ id: Int, field: String = "text", _ text: String) -> String {
    #"{"id": \#(id), "\#(field)": "\#(text)"}"#
  }

  /// Lines of documents, one for each id.
  public static func lines(
    _ ids: Range<Int>, field: String = "text", of text: (Int) -> String = sentence
  ) -> String {
    ids.map { document($0, field: field, text($0)) + "\n" }.joined()
  }

  /// A text with a character that needs ICU.
  public static func sentence(_ id: Int) -> String {
    "some words of document \(id), über \(id % 7)"
  }

  /// A text of ASCII characters.
  public static func asciiSentence(_ id: Int) -> String {
    "some words of document \(id), over \(id % 7)"
  }
}

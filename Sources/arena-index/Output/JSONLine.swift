import Foundation

/// An object of JSON on one line, its fields in the order given.
struct JSONLine {
  private var fields: [String] = []

  /// Adds a field whose value is any type that encodes itself.
  func with(_ name: String, _ value: some Encodable) -> JSONLine {
    with(name, rawJSON: Self.encode(value))
  }

  /// Adds a field whose value is JSON already.
  private func with(_ name: String, rawJSON: String) -> JSONLine {
    var line = self
    line.fields.append("\(Self.encode(name)):\(rawJSON)")
    return line
  }

  /// Adds a field whose value is a stored document.
  func with(_ name: String, document: [UInt8]) -> JSONLine {
    let json = String(decoding: Self.onOneLine(document), as: UTF8.self)
    return with(name, rawJSON: Output.isTerminal ? Output.shownDocument(json) : json)
  }

  /// The same JSON without line ends, which are space there: in strings they are escaped.
  static func onOneLine(_ json: [UInt8]) -> [UInt8] {
    json.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
  }

  /// The object as text.
  var text: String { "{\(fields.joined(separator: ","))}" }

  private static func encode(_ value: some Encodable) -> String {
    // Most strings need no escapes, and an encoder for each would be most of the time of a large
    // dump.
    if let text = value as? String, text.utf8.allSatisfy(isPlain) {
      return "\"\(TerminalText.escape(text))\""
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    // Strings, numbers and arrays of them always encode.
    guard let data = try? encoder.encode(value) else { return "null" }
    return TerminalText.escape(String(decoding: data, as: UTF8.self))
  }

  /// Whether a byte of UTF-8 stands for itself in a JSON string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

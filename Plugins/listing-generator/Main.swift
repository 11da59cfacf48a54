import Foundation

/// Writes the contents of files as dictionaries of string literals.
///
/// The arguments are the file to write and the files to embed. A file's dictionary follows from its
/// name: `X+Wrong.swift` and `X+Right.swift` are the two halves of a stop, `X.swift` is rejected
/// code, and `X.txt` is the compiler's recorded message about it.
@main enum ListingGenerator {
  static func main() throws {
    let files = CommandLine.arguments.dropFirst().map { URL(filePath: $0) }
    var listings: [String: [String: String]] = [
      "wrong": [:], "right": [:], "rejected": [:], "messages": [:],
    ]
    for file in files.dropFirst() {
      let stem = file.deletingPathExtension().lastPathComponent
      let parts = stem.split(separator: "+")
      let name =
        parts.count == 2
        ? parts[1].lowercased() : file.pathExtension == "txt" ? "messages" : "rejected"
      listings[name]?[String(parts[0])] = try String(contentsOf: file, encoding: .utf8)
        .trimmingCharacters(in: .newlines)
    }
    var lines = ["extension Listing {"]
    for (name, texts) in listings.sorted(by: { $0.key < $1.key }) {
      lines.append("  static let \(name): [String: String] = [")
      for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
        lines += ["    \"\(key)\": ##\"\"\"", text, "\"\"\"##,"]
      }
      lines.append("  ]")
    }
    lines.append("}")
    try (lines.joined(separator: "\n") + "\n").write(
      to: files[0], atomically: true, encoding: .utf8)
  }
}

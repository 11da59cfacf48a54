import Foundation

/// What the compiler says of code that it rejects.
struct CompilerMessage {
  let text: String
  /// Whether the compiler was asked now; otherwise the text was recorded.
  let isLive: Bool

  /// The message about a stop's rejected code, if it has some.
  static func about(_ pitfall: Pitfall) -> CompilerMessage? {
    guard let code = Listing.rejected[pitfall.fileName] else { return nil }
    if let text = ask(about: code, fileName: pitfall.fileName) {
      return CompilerMessage(text: text, isLive: true)
    }
    return CompilerMessage(text: Listing.messages[pitfall.fileName] ?? "", isLive: false)
  }

  /// Compiles the code now. `nil` if there is no compiler, or this package's modules are not beside
  /// the program, or it compiles.
  static func ask(about code: String, fileName: String) -> String? {
    let modules = Program.url.deletingLastPathComponent().appendingPathComponent("Modules").path
    guard FileManager.default.fileExists(atPath: modules + "/BumpArena.swiftmodule") else {
      return nil
    }
    return try? withTemporaryDirectory { directory in
      let file = "\(directory)/\(fileName).swift"
      try (code + "\n").write(toFile: file, atomically: true, encoding: .utf8)
      let compiler = Process()
      compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      compiler.arguments =
        [
          "swiftc", "-frontend", "-emit-sil", "-o", "/dev/null", "-swift-version", "6",
          "-parse-as-library", "-module-name", "Pitfall", "-I", modules, file,
        ] + libraryFolders.flatMap { ["-I", $0] }
      let output = Pipe()
      compiler.standardError = output
      try compiler.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      compiler.waitUntilExit()
      let message = shortened(text, directory: directory + "/")
      guard compiler.terminationStatus != 0, message.contains("error: ") else {
        throw Measurement.Failure(description: "no message")
      }
      return message
    }
  }

  /// The folders of the C libraries' module maps, which LMDB is built on, if the sources are at
  /// hand.
  private static var libraryFolders: [String] {
    var folder = Program.url.deletingLastPathComponent()
    while folder.path.count > 1 {
      let sources = folder.appendingPathComponent("Sources").path
      if FileManager.default.fileExists(atPath: sources + "/CLMDB/module.modulemap") {
        return ["CLMDB", "CMimalloc", "CXXHash"].map { sources + "/" + $0 }
      }
      folder.deleteLastPathComponent()
    }
    return []
  }

  /// The paragraphs about this file, without its folder; those about the library's own sources
  /// differ with where they are.
  private static func shortened(_ text: String, directory: String) -> String {
    let lines = text.components(separatedBy: "\n")
    var kept: [String] = []
    var isKept = true
    for line in lines {
      if line.range(of: #"^[^ ].*:\d+:\d+: (error|warning|note): "#, options: .regularExpression)
        != nil
        || line.hasPrefix("[#")
      {
        isKept = line.hasPrefix(directory) || line.hasPrefix("[#")
      }
      if isKept { kept.append(line.replacingOccurrences(of: directory, with: "")) }
    }
    // Lines that end with blanks would be changed by editors.
    return kept.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
      .joined(separator: "\n").trimmingCharacters(in: .newlines)
  }
}

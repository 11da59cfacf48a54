import Foundation
import IndexerPipeline

/// The package catalog of a Debian machine, as documents.
enum PackageCatalog {
  /// The fields of a stanza that go into the document, and what they are called there.
  private static let names = [
    "Package": "package", "Version": "version", "Architecture": "architecture",
    "Section": "section", "Priority": "priority", "Maintainer": "maintainer",
    "Homepage": "homepage", "Depends": "depends", "Provides": "provides", "Tag": "tags",
    "Source": "source",
  ]

  /// Writes one document a line to `path`. Returns their number, or `nil` if this machine has no
  /// catalog.
  static func write(to path: String) throws -> Int? {
    guard let program = ["/usr/bin/apt-cache"].first(where: FileManager.default.isExecutableFile)
    else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["dumpavail"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()

    var converter = Converter()
    for line in output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      converter.add(String(decoding: line, as: UTF8.self))
    }
    converter.endStanza()
    guard converter.count > 0 else { return nil }
    try ByteFile.write(Data(converter.lines.utf8), to: path)
    return converter.count
  }

  /// Turns stanzas of "Name: value" lines into objects.
  struct Converter {
    /// The documents so far, one a line.
    private(set) var lines = ""
    /// Their number.
    private(set) var count = 0
    private var fields: [(name: String, value: String)] = []

    /// Takes the next line of the catalog.
    mutating func add(_ line: String) {
      if line.isEmpty {
        endStanza()
      } else if line.hasPrefix(" ") {
        // A line that continues the field before; a lone dot is an empty line.
        guard !fields.isEmpty else { return }
        let text = line.dropFirst()
        fields[fields.count - 1].value += "\n" + (text == "." ? "" : text)
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].drop(while: { $0 == " " })
        fields.append((String(line[..<colon]), String(value)))
      }
    }

    /// Ends the stanza at hand and adds its document.
    mutating func endStanza() {
      defer { fields = [] }
      var values: [String: String] = [:]
      for field in fields { values[field.name] = field.value }
      guard let package = values["Package"], let version = values["Version"] else { return }
      var document = JSONLine()
        .with("id", "\(package)_\(version)_\(values["Architecture"] ?? "all")")
      for (name, value) in fields {
        if let key = PackageCatalog.names[name] {
          document = document.with(key, value)
        } else if name == "Description" || name == "Description-en" {
          let parts = value.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
          document = document.with("summary", String(parts[0]))
          if parts.count > 1 { document = document.with("description", String(parts[1])) }
        }
      }
      lines += document.text + "\n"
      count += 1
    }
  }
}

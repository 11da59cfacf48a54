import ArgumentParser
import Foundation
import IndexerPipeline

/// Ids on the command line or in a file.
struct IDOptions: ParsableArguments {
  @Argument(help: "Ids of documents.")
  var ids: [String] = []

  @Option(help: "A file of ids, one a line, or '-' for standard input.", completion: .file())
  var idsFile: String?

  func validate() throws {
    guard !ids.isEmpty || idsFile != nil else {
      throw ValidationError("Name the ids to delete, or a file of them with '--ids-file'.")
    }
  }

  /// All of them.
  func all() throws -> [String] {
    guard let idsFile else { return ids }
    return ids + (try Self.lines(of: idsFile))
  }

  /// The lines of a file that are not empty.
  private static func lines(of path: String) throws(CommandFailure) -> [String] {
    let isInput = path == "-"
    let data = try isInput ? ByteFile.readStandardInput() : ByteFile.read(path)
    guard let text = String(data: data, encoding: .utf8) else {
      let name = isInput ? InputSource.standardInput.name : PathText.shown(path)
      throw CommandFailure(.badInput, "\(name): the file is not UTF-8; convert it")
    }
    // Other characters that Unicode calls line ends may be part of an id.
    return text.split { ["\n", "\r\n", "\r"].contains($0) }.map(String.init)
  }
}

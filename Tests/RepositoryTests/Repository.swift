import ArenaTestSupport
import Foundation

/// The files that this repository consists of.
enum Repository {
  static let root = BuildLayout.root

  /// A file, by its path from the root.
  struct File: Sendable, CustomStringConvertible {
    let path: String

    var description: String { path }
    var name: String { String(path.split(separator: "/").last ?? "") }
    var pathExtension: String { URL(filePath: path).pathExtension }
    var stem: String { URL(filePath: path).deletingPathExtension().lastPathComponent }
    var folders: [Substring] { path.split(separator: "/").dropLast() }

    func text() throws -> String {
      try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
  }

  /// What `git` prints, or `nil` if it fails.
  static func git(_ arguments: String...) -> String? {
    let result = try? ChildProcess("git", ["-C", root.path] + arguments)
    return result?.exitCode == 0 ? result?.output : nil
  }

  /// All files but ignored ones. An exported tree has no history to ask: then what the build makes
  /// is left out by its name.
  static let files: [File] = {
    let listed = git("ls-files", "--cached", "--others", "--exclude-standard")
    let paths =
      listed?.split(separator: "\n").map(String.init)
      ?? (FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? [])
      .filter { !$0.hasPrefix(".build") && !$0.hasPrefix(".git/") }
    return Set(paths).sorted().map(File.init).filter { file in
      let url = root.appendingPathComponent(file.path)
      return (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
    }
  }()

  static func files(under folder: String, extension pathExtension: String? = nil) -> [File] {
    files.filter { file in
      file.path.hasPrefix(folder + "/")
        && (pathExtension == nil || file.pathExtension == pathExtension)
    }
  }
}

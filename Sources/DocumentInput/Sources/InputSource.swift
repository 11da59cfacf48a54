import SystemSupport

/// Where documents are read from.
public enum InputSource: Sendable {
  /// A file.
  case file(String)
  /// The standard input of the process.
  case standardInput
  /// Bytes in memory, with a name for messages.
  case bytes([UInt8], name: String)
  /// Documents and deletions that a program makes, one at a time.
  case changes(DocumentChanges)

  /// What messages call it.
  public var name: String {
    switch self {
    case .file(let path): PathText.shown(path)
    case .standardInput: "standard input"
    case .bytes(_, let name): name
    case .changes(let changes): changes.name
    }
  }
}

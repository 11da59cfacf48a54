/// Which folders of a target name types that are declared in which others.
///
/// A room is a folder of the target, or a type at its root together with the files that extend it
/// (`BumpArena.swift`, `BumpArena+Reset.swift`). Members of extensions are not followed: they are
/// called without naming the folder's types.
struct FolderGraph {
  /// A file: the room it is in, and its text.
  struct File {
    let room: String
    let path: String
    let source: SwiftSource
  }

  /// A type, by the name it is reached with from outside: `Outer.Inner` for a nested one.
  private struct Declaration {
    let name: String
    let room: String
  }

  /// An example of a reference from one room to another.
  struct Reference: Hashable, CustomStringConvertible {
    let path: String
    let type: String

    var description: String { "\(path) names \(type)" }
  }

  private(set) var references: [String: [String: Set<Reference>]] = [:]

  init(_ files: [File]) {
    var rooms: [String: Set<String>] = [:]
    var outlines: [TypeOutline] = []
    for file in files {
      let outline = TypeOutline(file.source.tokens)
      outlines.append(outline)
      for type in outline.visibleTypes { rooms[type, default: []].insert(file.room) }
    }
    // A name that several rooms declare does not say which is meant.
    let declarations = rooms.compactMapValues { $0.count == 1 ? $0.first : nil }
    for (file, outline) in zip(files, outlines) {
      for type in outline.references(among: Set(declarations.keys)) {
        guard let room = declarations[type], room != file.room else { continue }
        references[file.room, default: [:]][room, default: []]
          .insert(Reference(path: file.path, type: type))
      }
    }
  }

  /// The room of a file, by its path inside the target.
  static func room(of path: String) -> String {
    let parts = path.split(separator: "/")
    return parts.count > 1
      ? String(parts[0])
      : String(path.prefix { $0 != "+" && $0 != "." })
  }

  /// The sets of rooms that reach each other.
  var circles: [Set<String>] {
    let reachable = Dictionary(uniqueKeysWithValues: references.keys.map { ($0, reach(from: $0)) })
    var found: Set<Set<String>> = []
    for (room, others) in reachable where others.contains(room) {
      found.insert(others.filter { reachable[$0]?.contains(room) == true })
    }
    return found.sorted { $0.min() ?? "" < $1.min() ?? "" }
  }

  private func reach(from room: String) -> Set<String> {
    var reached: Set<String> = []
    var open = [room]
    while let next = open.popLast() {
      for other in (references[next] ?? [:]).keys where reached.insert(other).inserted {
        open.append(other)
      }
    }
    return reached
  }

  /// The references that make a circle, one line for each pair of rooms.
  func explanation(of circle: Set<String>) -> String {
    circle.sorted().flatMap { room in
      (references[room] ?? [:]).filter { circle.contains($0.key) }.sorted { $0.key < $1.key }
        .map { other, examples in
          let shown = examples.map(\.description).sorted().prefix(3).joined(separator: ", ")
          return "\(room) → \(other) (\(examples.count)): \(shown)"
        }
    }.joined(separator: "\n")
  }
}

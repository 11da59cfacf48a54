import Foundation
import IndexerPipeline

extension Presentation {
  /// What an arena is, and what will be seen.
  mutating func introduce(_ stops: [Pitfall]) {
    if isMarkdown { write("# Arena pitfalls\n") }
    paragraph(
      """
      This tour shows mistakes with arenas, and for each the form that cannot go wrong. The code that is shown is the code that runs, the \
      figures were measured in that run, and the messages are the compiler's.
      """)
    if isMarkdown {
      paragraph(
        """
        `arena-pitfalls --markdown` printed this page (`Scripts/documentation pitfalls`); `make pitfalls` shows it on your machine, in less than \
        half a minute. Reading takes about forty minutes, the exercises an afternoon. The tests compile all code on it.
        """)
    }
    paragraph(Machine.description)
    heading("What is an arena?")
    paragraph(
      """
      Most memory is needed for one piece of work: a request, a batch, a frame. An arena hands it out from front to back and takes all of it back \
      at once when the work is done. That makes an allocation an addition, and freeing nearly nothing.
      """)
    picture(
      """
      chunk 1, full             chunk 2, twice as large
      ┌────┬─────┬──┬──────┐    ┌─────┬───┬──────────────┐
      │ a  │ b   │ c│ d    │ ─▶ │ e   │ f │ free         │
      └────┴─────┴──┴──────┘    └─────┴───┴──────────────┘
                                          ▲ bump pointer
      """)
    list([
      "Arena: memory that is handed out piece by piece and taken back as a whole.",
      "Bump pointer: where the next piece will lie. To allocate is to move it.",
      "Chunk: one block of memory that the arena got from the allocator (malloc). A full one is followed by another, twice as large.",
      "Reset: the arena deinitializes the elements that it was told of, and moves the bump pointer back to the start. The bytes stay as they are until the next generation overwrites them.",
      "Generation: the time between two resets.",
      "Freeze: to make an array that no longer grows a slice, whose memory the arena owns.",
      "Deinitializer (Rust and C++: drop, destructor): the code that frees the memory and closes the files that a value owns.",
      "Borrow: to use a value that another one owns. Swift's compiler knows for how long; a value that must not outlive its owner is `~Escapable`.",
      "RssAnon: the pages of a process that are in memory and belong to no file. VmSize: all its addresses, with and without memory.",
    ])
    paragraph(
      """
      The stops go from one arena and what lies in it, to how much memory it holds, to several threads and allocators, and to the system below. \
      Each has a question: answer it before you look at the figures.
      """)
    for (index, stop) in stops.enumerated() {
      let title = "\(index + 1). \(stop.title)"
      if isMarkdown {
        write("\(index + 1). [\(stop.title)](#\(Self.anchor(title)))")
      } else {
        let lines = Layout.lines(of: "\(title) (\(stop.name))", width: width, indent: "   ")
        write(lines.joined(separator: "\n"))
      }
    }
    write("")
  }

  /// Where to go on.
  mutating func conclude() {
    guard isMarkdown else { return }
    heading("Read on")
    list([
      "[Lifetimes, scopes and handles](../Sources/BumpArena/BumpArena.docc/LifetimesScopesAndHandles.md): what the compiler checks.",
      "[MemoryLayout.md](MemoryLayout.md): chunks, records and handles, byte by byte.",
      "[Decision 12](Decisions/012-elements-belong-to-the-arena.md): elements belong to the arena.",
      "[Performance.md](Performance.md): this arena beside others. [Allocators.md](Allocators.md): what they keep.",
      "[AddressSpace.md](AddressSpace.md): thousands of maps in one process.",
      "[meilisearch 6212](https://github.com/meilisearch/meilisearch/pull/6212): the leak of the second stop, and how it was corrected.",
    ])
  }

  /// What a heading is called in a link.
  private static func anchor(_ title: String) -> String {
    title.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
      .replacingOccurrences(of: " ", with: "-")
  }
}

/// Where the tour runs.
enum Machine {
  static var description: String {
    let allocator = AllocatorReport.current().allocator
    let allocatorName = [allocator.name, allocator.version].compactMap { $0 }.joined(separator: " ")
    let parts = [
      processor, "\(ProcessInfo.processInfo.activeProcessorCount) processors", system,
      swiftVersion, allocatorName, buildMode,
    ]
    return "Measured on \(today): " + parts.compactMap { $0 }.joined(separator: ", ") + "."
  }

  private static var buildMode: String {
    #if DEBUG
    "debug build"
    #else
    "release build"
    #endif
  }

  private static var today: String {
    Date.now.formatted(.iso8601.year().month().day())
  }

  private static var processor: String? {
    value(of: "model name", in: "/proc/cpuinfo", separator: ":")
  }

  private static var system: String? {
    value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    return line?.split(separator: separator, maxSplits: 1).last?
      .trimmingCharacters(in: CharacterSet(charactersIn: " \""))
  }

  /// What the compiler calls itself, if there is one.
  private static var swiftVersion: String? {
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = ["swiftc", "--version"]
    let output = Pipe()
    compiler.standardOutput = output
    compiler.standardError = FileHandle.nullDevice
    guard (try? compiler.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    compiler.waitUntilExit()
    guard let range = text.range(of: #"Swift version [0-9.]+"#, options: .regularExpression) else {
      return nil
    }
    return text[range].replacingOccurrences(of: " version", with: "")
  }
}

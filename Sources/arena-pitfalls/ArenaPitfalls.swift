import ArgumentParser
import Foundation

@main
struct ArenaPitfalls: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena-pitfalls",
    abstract:
      "A tour of what goes wrong with arenas, each shown live, with the form that cannot go wrong.",
    discussion: """
      Every figure is measured while the tour runs, and every message is the compiler's, asked on the spot.

        arena-pitfalls                    all stops in a row
        arena-pitfalls frozen-slice       one of them
        arena-pitfalls --list             their names
      """)

  @Argument(help: "The stops to make. All of them if none is named.")
  var names: [String] = []

  @Flag(help: "List the stops.")
  var list = false

  @Flag(help: "Print Markdown, as in Docs/ArenaPitfalls.md.")
  var markdown = false

  /// Only measures one half of a stop, in a process that has done nothing else.
  @Option(help: .hidden)
  var half: Half?

  enum Half: String, ExpressibleByArgument {
    case wrong
    case right
  }

  func validate() throws {
    for name in names where !Pitfall.all.contains(where: { $0.name == name }) {
      throw ValidationError("there is no stop '\(name)'; '--list' shows them")
    }
  }

  func run() throws {
    if list {
      for pitfall in Pitfall.all {
        print(pitfall.name.padding(toLength: 20, withPad: " ", startingAt: 0) + pitfall.title)
      }
      return
    }
    let chosen =
      names.isEmpty
      ? Pitfall.all : names.compactMap { name in Pitfall.all.first { $0.name == name } }
    if let half, let pitfall = chosen.first {
      for figure in try half == .wrong ? pitfall.wrongFigures() : pitfall.rightFigures() {
        print("\(figure.label)\t\(figure.value)")
      }
      return
    }
    if markdown { print(Presentation.introduction) }
    let presentation = Presentation(isMarkdown: markdown)
    for pitfall in chosen { try presentation.show(pitfall, measure: Self.measure) }
  }

  /// Measures one half of a stop in a process of its own, so that none sees the memory of another.
  private static func measure(_ pitfall: Pitfall, _ half: Half) throws -> [Pitfall.Figure] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [pitfall.name, "--half", half.rawValue]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ValidationError("the stop '\(pitfall.name)' ended with \(process.terminationStatus)")
    }
    return text.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", maxSplits: 1)
      return Pitfall.Figure(label: String(parts[0]), value: String(parts[1]))
    }
  }
}

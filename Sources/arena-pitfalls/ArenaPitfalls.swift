import ArgumentParser
import Foundation

extension Pitfall.Half: ExpressibleByArgument {}

@main
struct ArenaPitfalls: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena-pitfalls",
    abstract:
      "A tour of what goes wrong with arenas, each shown live, with the form that cannot go wrong.",
    discussion: """
      The code that is shown is the code that runs. Every figure is measured while the tour runs, and the
      messages are the compiler's, asked on the spot where there is one.

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
  var half: Pitfall.Half?

  /// Under which circumstances.
  @Option(name: .customLong("case"), help: .hidden)
  var caseNumber = 0

  /// Only prints what the compiler says of the rejected code, and whether it was asked now.
  @Flag(help: .hidden)
  var message = false

  func validate() throws {
    for name in names where Pitfall.named(name) == nil {
      let near = Pitfall.all.map(\.name).filter { $0.contains(name) || name.contains($0) }
      let hint = near.first.map { "did you mean '\($0)'?" } ?? "'--list' shows them"
      throw ValidationError("there is no stop '\(name)'; \(hint)")
    }
    if half != nil,
      names.count != 1 || Pitfall.named(names[0])?.cases.indices.contains(caseNumber) != true
    {
      throw ValidationError("'--half' takes one stop and one of its cases")
    }
  }

  func run() throws {
    let chosen = names.isEmpty ? Pitfall.all : names.compactMap { Pitfall.named($0) }
    if list {
      for pitfall in Pitfall.all {
        print(pitfall.name.padding(toLength: 20, withPad: " ", startingAt: 0) + pitfall.title)
      }
    } else if let half {
      let pitfall = chosen[0]
      for figure in try pitfall.measure(half, pitfall.cases[caseNumber]) { print(figure.line) }
    } else if message {
      for pitfall in chosen {
        guard let message = CompilerMessage.about(pitfall) else { continue }
        print("\(message.isLive ? "live" : "recorded"): \(pitfall.name)\n\(message.text)")
      }
    } else {
      try tour(chosen)
    }
  }

  /// Makes the stops. One that fails says why, and the others are made all the same.
  private func tour(_ stops: [Pitfall]) throws {
    var presentation = Presentation(isMarkdown: markdown)
    var failureCount = 0
    if names.isEmpty { presentation.introduce(stops) }
    for pitfall in stops {
      let number = (Pitfall.all.firstIndex { $0.name == pitfall.name } ?? 0) + 1
      presentation.show(pitfall, number: number)
      flush(&presentation)
      do {
        presentation.show(try Measurement.outcome(of: pitfall), of: pitfall)
      } catch {
        failureCount += 1
        presentation.paragraph("\(error).", after: "This stop failed:")
      }
      presentation.show(CompilerMessage.about(pitfall), of: pitfall)
      flush(&presentation)
    }
    if names.isEmpty { presentation.conclude() }
    flush(&presentation)
    if failureCount > 0 { throw ExitCode(1) }
  }

  private func flush(_ presentation: inout Presentation) {
    print(presentation.take(), terminator: "")
    fflush(nil)
  }
}

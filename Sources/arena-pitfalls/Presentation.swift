import Foundation

/// Prints a stop of the tour.
struct Presentation {
  let isMarkdown: Bool

  static let introduction = """
    # Arena pitfalls

    What goes wrong with arenas, and the form that cannot go wrong. This page is what `arena-pitfalls --markdown` printed: every figure was
    measured in that run, every message is the compiler's. Run `swift run -c release arena-pitfalls` to see it happen on your machine. The code
    is compiled by the tests.

    """

  func show(
    _ pitfall: Pitfall,
    measure: (Pitfall, ArenaPitfalls.Half) throws -> [Pitfall.Figure]
  ) throws {
    heading(pitfall.title)
    print(wrapped(pitfall.why) + "\n")
    paragraph("What goes wrong:")
    code(pitfall.wrong)
    figures(try measure(pitfall, .wrong))
    paragraph("What cannot go wrong:")
    code(pitfall.right)
    figures(try measure(pitfall, .right))
    if let rejected = pitfall.rejected {
      paragraph("And this does not compile:")
      code(rejected)
      message(CompilerMessage.ask(about: rejected))
    }
  }

  private func heading(_ text: String) {
    print(isMarkdown ? "## \(text)\n" : "\n══ \(text) ══\n")
  }

  private func paragraph(_ text: String) { print(text + "\n") }

  private func code(_ text: String) {
    if isMarkdown {
      print("```swift\n\(text)\n```\n")
    } else {
      print(
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "    \($0)" }.joined(separator: "\n") + "\n")
    }
  }

  private func figures(_ figures: [Pitfall.Figure]) {
    if isMarkdown { print("| measured | |\n|---|---|") }
    let width = figures.map(\.label.count).max() ?? 0
    for figure in figures {
      let label = figure.label.padding(toLength: width, withPad: " ", startingAt: 0)
      print(isMarkdown ? "| \(figure.label) | \(figure.value) |" : "  → \(label)  \(figure.value)")
    }
    print("")
  }

  private func message(_ text: String) {
    print(isMarkdown ? "```\n\(text)\n```\n" : "  → \(text)\n")
  }

  /// The text in lines of at most 100 characters.
  private func wrapped(_ text: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + word.count >= 100 {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (lines + [line]).joined(separator: "\n")
  }
}

/// What the compiler says of code that it rejects.
enum CompilerMessage {
  /// Compiles the code now, if the compiler and this package's modules are at hand.
  static func ask(about code: String) -> String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let modules = program.deletingLastPathComponent().appendingPathComponent("Modules").path
    let file = NSTemporaryDirectory() + "arena-pitfalls-\(UUID().uuidString).swift"
    defer { try? FileManager.default.removeItem(atPath: file) }
    guard FileManager.default.fileExists(atPath: modules + "/BumpArena.swiftmodule"),
      (try? code.write(toFile: file, atomically: true, encoding: .utf8)) != nil
    else { return "(the modules are not beside this program, so the compiler cannot be asked)" }

    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = [
      "swiftc", "-frontend", "-emit-sil", "-o", "/dev/null", "-swift-version", "6",
      "-parse-as-library", "-module-name", "Pitfall", "-I", modules, file,
    ]
    let output = Pipe()
    compiler.standardError = output
    guard (try? compiler.run()) != nil else { return "(there is no swiftc to ask)" }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    compiler.waitUntilExit()
    let line = text.split(separator: "\n").first { $0.contains(": error: ") }
    guard let line, let message = line.components(separatedBy: ": error: ").last else {
      return compiler.terminationStatus == 0
        ? "(it compiles, which it should not)" : "(there is no swiftc to ask)"
    }
    return "error: \(message)"
  }
}

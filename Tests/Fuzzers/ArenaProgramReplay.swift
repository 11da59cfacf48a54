import ArenaTestSupport
import Foundation

/// Runs the programs of `Tests/Corpus/arena.txt` without a test runner, for valgrind.
@main
struct ArenaProgramReplay {
  static func main() throws {
    let corpus = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
    var count = 0
    for line in corpus.split(separator: "\n") {
      guard let program = ArenaProgram(hex: String(line)) else { continue }
      try ArenaProgramRunner.run(program)
      count += 1
    }
    print("\(count) programs agree with the model")
  }
}

import ArenaTestSupport
import Foundation
import Testing

/// Programs that are killed at random moments; `make crash` kills a thousand of them.
@Suite struct CrashTests {
  private static let script = BuildLayout.root.appendingPathComponent("Scripts/check-crashes").path

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func whatWasAcknowledgedIsThereOnceAndNothingElseIs() throws {
    let result = try ChildProcess("python3", [Self.script, "30", "7", IndexProgram.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("every acknowledged change is there once"))
  }

  private static let canCompile =
    ["/usr/bin/cc", "/usr/bin/python3"].allSatisfy(FileManager.default.isExecutableFile)

  /// `make power-loss` looks at every moment, this at some.
  @Test(.enabled(if: canCompile)) func aPowerFailureLosesNothingThatWasAcknowledged() throws {
    let script = BuildLayout.root.appendingPathComponent("Scripts/check-power-loss").path
    let seed = UInt32.random(in: .min ... .max)
    let result = try ChildProcess("python3", [script, "15", "\(seed)", IndexProgram.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("nothing acknowledged was lost"))
  }
}

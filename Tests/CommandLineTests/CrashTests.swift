import ArenaTestSupport
import Foundation
import Testing

/// Programs that are killed at random moments; `Scripts/check-survival crashes` kills a thousand of
/// them.
@Suite struct CrashTests {
  private static let script = BuildLayout.root.appendingPathComponent("Scripts/check-survival").path

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func whatWasAcknowledgedIsThereOnceAndNothingElseIs() throws {
    let result = try ChildProcess(Self.script, ["crashes", "30", "7", IndexProgram.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("every acknowledged change is there once"))
  }

  private static let canCompile =
    ["/usr/bin/cc", "/usr/bin/python3"].allSatisfy(FileManager.default.isExecutableFile)

  /// `Scripts/check-survival power-loss` looks at every moment, this at some.
  @Test(.enabled(if: canCompile)) func aPowerFailureLosesNothingThatWasAcknowledged() throws {
    let seed = UInt32.random(in: .min ... .max)
    let result = try ChildProcess(Self.script, ["power-loss", "15", "\(seed)", IndexProgram.path])
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("nothing acknowledged was lost"))
  }
}

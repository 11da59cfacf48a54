public import Foundation

/// A program that has run to its end.
public struct ChildProcess: Sendable {
  /// Its exit code.
  public let exitCode: Int32
  /// The text on standard output.
  public let output: String
  /// The text on standard error.
  public let errors: String

  /// Runs a program and waits for it.
  ///
  /// - Parameters:
  ///   - path: The program, or a name to be found in `PATH`.
  ///   - arguments: Its arguments.
  ///   - input: The content of its standard input.
  public init(_ path: String, _ arguments: [String], input: String = "") throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path.contains("/") ? path : "/usr/bin/env")
    process.arguments = path.contains("/") ? arguments : [path] + arguments
    let directory = TemporaryDirectory()
    // Files, because a full pipe would stop the program.
    let inputPath = try directory.write(input, to: "input")
    let outputPath = try directory.write("", to: "output")
    let errorsPath = try directory.write("", to: "errors")
    process.standardInput = FileHandle(forReadingAtPath: inputPath)
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorsPath)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    output = try String(contentsOfFile: outputPath, encoding: .utf8)
    errors = try String(contentsOfFile: errorsPath, encoding: .utf8)
  }
}

/// Places in the build that tests belong to.
public enum BuildLayout {
  /// The directory of the built products: that of the running test bundle.
  public static let products: URL = {
    // `swift test` runs the bundle's executable itself or through a helper; either way the bundle
    // is among its arguments or is the main bundle.
    let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0) }
    let bundle = arguments.first { $0.pathExtension == "xctest" || $0.path.contains(".xctest") }
    return (bundle ?? Bundle.main.executableURL ?? URL(fileURLWithPath: "."))
      .deletingLastPathComponent()
  }()

  /// The directory of the built Swift modules.
  public static let modules = products.appendingPathComponent("Modules").path

  /// The root of the repository.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

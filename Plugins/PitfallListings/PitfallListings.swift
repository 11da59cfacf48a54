import Foundation
import PackagePlugin

/// Generates `Listings.swift` of arena-pitfalls: the text of the code that the program runs, so
/// that the program can show it.
@main struct PitfallListings: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL
    let inputs = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { path in
        path.hasSuffix("+Wrong.swift") || path.hasSuffix("+Right.swift")
          || path.hasPrefix("Rejected/")
      }
      .sorted()
      .map { folder.appending(path: $0) }
    let output = context.pluginWorkDirectoryURL.appending(path: "Listings.swift")
    return [
      .buildCommand(
        displayName: "Generating the listings of \(target.name)",
        executable: try context.tool(named: "listing-generator").url,
        arguments: [output.path] + inputs.map(\.path),
        inputFiles: inputs, outputFiles: [output])
    ]
  }
}

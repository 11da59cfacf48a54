import Foundation

/// bumpalo, the arena of the Rust world, as Debian ships it.
enum BumpaloPeer {
  /// Builds the peer's program, or returns `nil` if cargo or the package is not there.
  static func build() throws -> Subject? {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Peers/bumpalo")
    let registry = "/usr/share/cargo/registry"
    let packages = (try? FileManager.default.contentsOfDirectory(atPath: registry)) ?? []
    guard packages.contains(where: { $0.hasPrefix("bumpalo-") }) else { return nil }

    let target = FileManager.default.currentDirectoryPath + "/.build/bumpalo"
    let cargo = Process()
    cargo.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    cargo.arguments = [
      "cargo", "build", "--release", "--offline", "--quiet", "--target-dir", target,
    ]
    cargo.currentDirectoryURL = folder
    cargo.standardError = FileHandle.nullDevice
    try cargo.run()
    cargo.waitUntilExit()
    guard cargo.terminationStatus == 0 else { return nil }
    return Subject(
      name: "bumpalo", command: [target + "/release/bumpalo-peer"],
      workloads: Set(Workload.allCases))
  }
}

import ArenaTestSupport
import Foundation
import Testing

/// Each misuse ends the process with a searchable text.
@Suite struct PreconditionTests {
  /// A place in the sources that ends the process.
  private struct Place {
    var name: String
    /// The file and the line, as in a report.
    var position: String
    /// The text, or `nil` if it is that of an `ArenaError`.
    var message: String?
  }

  @Test(arguments: Misuse.all.indices)
  func misuseTrapsWithItsMessage(index: Int) async {
    let misuse = Misuse.all[index]
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index] in
      Misuse.all[index].body()
    }
    let report = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    let isExpected =
      misuse.isRefusal
      ? report.contains("Fatal error: BumpArena: ") && report.contains(misuse.message)
      : Self.places.contains { place in
        place.name == misuse.place && place.message == misuse.message
          && report.contains("\(place.position): Precondition failed: \(misuse.message)\n")
      }
    #expect(
      isExpected, "not \(misuse.place), which says “\(misuse.message)”: \(report.prefix(300))")
  }

  @Test func everyTrapHasAMisuse() {
    #expect(Self.places.count >= 60)
    for place in Self.places where Misuse.unreachable[place.name] == nil {
      let message = place.message ?? "ArenaError"
      if message.hasSuffix(Misuse.unavailable) { continue }
      let isTried = Misuse.all.contains { misuse in
        misuse.place == place.name && (misuse.isRefusal ? nil : misuse.message) == place.message
      }
      #expect(isTried, "\(place.name), which says “\(message)”, has no entry in Misuse.all")
    }
    let names = Set(Self.places.map(\.name))
    for name in Misuse.all.map(\.place) + Misuse.unreachable.keys {
      #expect(names.contains(name), "\(name) does not end the process")
    }
  }

  private static let places = ["BumpArena", "ArenaCollections"].flatMap { module in
    let root = BuildLayout.root.appendingPathComponent("Sources/\(module)")
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }
    return (paths ?? []).filter { $0.hasSuffix(".swift") }.flatMap {
      places(in: root.appendingPathComponent($0))
    }
  }

  private static func places(in file: URL) -> [Place] {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let lines = text.components(separatedBy: "\n")
    let type = file.deletingPathExtension().lastPathComponent.prefix { $0 != "+" }
    var places: [Place] = []
    var declaration = ""
    for (index, line) in lines.enumerated() {
      let code = line.components(separatedBy: "//")[0]
      if let name = Self.declaration(in: code) { declaration = name }
      let name = "\(type).\(declaration)"
      let position = "\(file.lastPathComponent):\(index + 1)"
      if code.contains("ArenaError.trap(") { places.append(Place(name: name, position: position)) }
      let calls = ["precondition(", "preconditionFailure(", "fatalError("]
      guard calls.contains(where: code.contains) else { continue }
      // The message is the first text from here on.
      let quoted = lines[index...].first { $0.contains("\"") }?.components(separatedBy: "\"")
      places.append(Place(name: name, position: position, message: quoted?[1] ?? ""))
    }
    return places
  }

  /// The name of the function, initializer or subscript that begins in a line.
  private static func declaration(in line: String) -> String? {
    let words = line.split { $0 == " " }
    for (index, word) in words.enumerated() {
      if word == "func" {
        return String(words[index + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      }
      let name = word.prefix { $0.isLetter }
      if ["init", "subscript", "deinit"].contains(name) { return String(name) }
      // Attributes and modifiers may come before.
      let isModifier =
        word.hasPrefix("@") || word.allSatisfy { $0.isLowercase || "()".contains($0) }
      guard isModifier else { return nil }
    }
    return nil
  }
}

/// One stop of the tour: a mistake, what it does, and what to write instead.
///
/// The code of both halves is in files of its own, `Tour/…+Wrong.swift` and `…+Right.swift`. They
/// are compiled into this program and run; `Listing` holds their text, to show it.
struct Pitfall: Sendable {
  enum Half: String, CaseIterable {
    case wrong
    case right
  }

  /// Circumstances under which both halves are measured, each in a process of its own.
  struct Case: Sendable, Equatable {
    /// Printed above its figures; empty if there is only one.
    let title: String
    /// What is measured by whether the process ends: its end by a signal is this figure.
    var labelOfCrash: String?
  }

  /// Whether the figures show what the stop is about.
  enum Verdict {
    /// They do; the answer to the question, with the figures in it.
    case shown(String)
    /// They do not, because of this.
    case notShown(String)
  }

  /// What a stop is called on the command line.
  let name: String
  /// What its files are called.
  let fileName: String
  let title: String
  /// Why it happens.
  let why: String
  /// To be answered before the figures are looked at.
  let question: String
  /// What was chosen, not measured.
  let given: [String]
  var cases = [Case(title: "")]
  /// Runs the code of a half, and measures it; both halves have the same figures.
  let measure: @Sendable (Half, Case) throws -> [Figure]
  let verdict: @Sendable (Outcome) throws -> Verdict
  /// What the compiler does about it, and what does something where the compiler cannot.
  let help: String
  let exercise: String
  /// A picture under `Docs`, and what it shows.
  var picture: (path: String, description: String)?

  /// The tour: one arena and what is in it, then how much it holds, then threads and allocators,
  /// then the system.
  static let all: [Pitfall] = [
    .useAfterReset, .frozenSlice, .lateDestruction, .keptKey,
    .twoArrays, .hugeAllocation, .retention, .longLived, .arenaPerRequest,
    .sharedArena, .idleThread, .twoAllocators,
    .virtualSize, .longReader,
  ]

  static func named(_ name: String) -> Pitfall? { all.first { $0.name == name } }
}

/// What both halves of a stop have measured.
struct Outcome {
  typealias Case = Pitfall.Case

  /// The figures of one case: those of the wrong half, and those of the right one.
  struct Table {
    var title: String
    var wrong: [Figure]
    var right: [Figure]
  }

  struct MissingFigure: Error, CustomStringConvertible {
    let description: String
  }

  var tables: [Table] = []

  /// A figure, by its label and the title of its case.
  func figure(
    _ half: Pitfall.Half, _ label: String, in title: String = ""
  ) throws(MissingFigure) -> Figure {
    let table = tables.first { $0.title == title }
    let figures = half == .wrong ? table?.wrong : table?.right
    guard let figure = figures?.first(where: { $0.label == label }) else {
      throw MissingFigure(description: "'\(label)' was not measured")
    }
    return figure
  }

  func number(
    _ half: Pitfall.Half, _ label: String, in title: String = ""
  ) throws(MissingFigure) -> Int {
    try figure(half, label, in: title).number
  }

  func text(
    _ half: Pitfall.Half, _ label: String, in title: String = ""
  ) throws(MissingFigure) -> String {
    try figure(half, label, in: title).text
  }
}

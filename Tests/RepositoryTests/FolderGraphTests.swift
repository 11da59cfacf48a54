import Testing

/// Inside a target folders form no circle: a reader who knows a folder has to know those below it
/// only.
@Suite struct FolderGraphTests {
  private static let targets = Set(
    Repository.files(under: "Sources", extension: "swift").map { $0.path.split(separator: "/")[1] }
  ).sorted()

  /// Circles that are allowed, by target, each with its reason. A circle may become smaller; one
  /// that is gone is removed from this list.
  private static let allowed: [String: [(rooms: Set<String>, reason: String)]] = [
    "LMDB": [
      (
        ["Databases", "Environment", "Integrity", "Internals", "LMDBError"],
        "calls of LMDB return its own types, and errors carry its texts"
      )
    ],
    "arena-index": [
      (
        ["ArenaIndex", "ArgumentLine", "Commands", "Demo", "Main", "Output", "Report"],
        "the root command names its commands, which share the options that are declared beside it"
      )
    ],
  ]

  private static func graph(of target: Substring) throws -> FolderGraph {
    let folder = "Sources/\(target)"
    return FolderGraph(
      try Repository.files(under: folder, extension: "swift").map { file in
        FolderGraph.File(
          room: FolderGraph.room(of: String(file.path.dropFirst(folder.count + 1))),
          path: file.path, source: SwiftSource(try file.text()))
      })
  }

  @Test(arguments: targets) func foldersFormNoCircle(_ target: Substring) throws {
    let graph = try Self.graph(of: target)
    let allowed = Self.allowed[String(target)] ?? []
    for circle in graph.circles where !allowed.contains(where: { circle.isSubset(of: $0.rooms) }) {
      Issue.record(
        "\(target): \(circle.sorted()) reach each other\n\(graph.explanation(of: circle))")
    }
    for (rooms, _) in allowed {
      let isThere = graph.circles.contains { $0.isSubset(of: rooms) }
      #expect(isThere, "\(target): \(rooms.sorted()) form no circle any more")
    }
  }

  @Test func everyTargetWithFoldersHasReferences() throws {
    #expect(Self.targets.count >= 6)
    for target in ["BumpArena", "IndexerPipeline", "arena-index"] {
      #expect(try Self.graph(of: target[...]).references.count > 2, "\(target)")
    }
  }

  private func references(_ texts: [String: String]) -> Set<String> {
    let graph = FolderGraph(
      texts.map { path, text in
        FolderGraph.File(
          room: FolderGraph.room(of: path), path: path, source: SwiftSource(text))
      })
    return Set(
      graph.references.flatMap { room, others in others.keys.map { "\(room) → \($0)" } })
  }

  @Test func aNameInCodeIsAReference() {
    let declaration = "struct Low { struct Inner {} }"
    for use in [
      "let x: Low?", "extension Low {}", "f(Low.self)", #"let s = "\(Low())""#, "let x: Low.Inner",
      "let x: BumpArena.Low", "struct Own<T> where T: P<Low> {}",
    ] {
      #expect(
        references(["A/Low.swift": declaration, "B/Use.swift": use]) == ["B → A"], "\(use)")
    }
  }

  @Test func commentsStringsAndOwnNamesAreNoReferences() {
    let declaration = "struct Low { struct Inner {} }\nfileprivate struct Hidden {}"
    for use in [
      "// Low", "/* Low /* Low */ Low */", #"let s = "Low""#, "let s = \"\"\"\nLow\n\"\"\"",
      "let s = #\"\\(Low)\"#", "private struct Low {}; let x: Low", "func f<Low>(_ x: Low) {}",
      "let x: Inner", "let x: Other.Low", "let x: Hidden",
    ] {
      #expect(references(["A/Low.swift": declaration, "B/Use.swift": use]).isEmpty, "\(use)")
    }
  }

  @Test func aNestedTypeIsNamedWithoutItsOwnerInsideIt() {
    let files = [
      "A/Owner.swift": "struct Owner {}",
      "B/Owner+Inner.swift": "extension Owner { struct Inner {} }",
      "C/Owner+Use.swift": "extension Owner { func f(_ inner: Inner) {} }",
    ]
    #expect(references(files) == ["B → A", "C → A", "C → B"])
  }

  @Test func aTypeAtTheRootIsARoomTogetherWithItsExtensions() {
    let files = [
      "Top.swift": "struct Top {}", "Top+More.swift": "extension Top { func f(_ low: Low) {} }",
      "A/Low.swift": "struct Low { let problem: Problem }", "Problem.swift": "enum Problem {}",
    ]
    #expect(references(files) == ["Top → A", "A → Problem"])
  }

  @Test func aCircleIsFoundAndExplained() {
    let files = [
      ("A/A.swift", "struct A { let b: B }"), ("B/B.swift", "struct B { let c: C }"),
      ("C/C.swift", "struct C { let a: A? }"), ("D/D.swift", "struct D { let a: A }"),
    ].map { path, text in
      FolderGraph.File(room: FolderGraph.room(of: path), path: path, source: SwiftSource(text))
    }
    let graph = FolderGraph(files)
    #expect(graph.circles == [["A", "B", "C"]])
    #expect(graph.explanation(of: ["A", "B", "C"]).contains("A → B (1): A/A.swift names B"))
  }
}

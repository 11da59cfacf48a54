import ArenaTestSupport
import Foundation
import Testing

/// Names, links and streams that are meant to harm: nobody gets out of the store, or the program
/// into endless memory.
@Suite struct HostileInputTests {
  private let program = IndexProgram()

  @Test(arguments: [
    "../outside", "..", ".", "/etc/passwd", "a/b", "", "a\nb", "a b", "-", "é", "a\\b",
    String(repeating: "x", count: 10_000), "$(touch x)", "`x`", "CON:", "a;b", "%2e%2e",
  ])
  func aNameOfAnIndexIsLettersAndDigits(name: String) throws {
    for arguments in [
      ["add", "--primary-key", "id", "--", name], ["create", "--", name],
      ["search", "--", name, "x"],
      ["drop", "--", name], ["get", "--", name, "x"], ["enqueue", "drop", "--", name],
      ["stats", "--", name], ["dump", "--", name], ["verify", "--", name], ["compact", "--", name],
      ["rename", "--", name, "fine"], ["rename", "--", "fine", name],
    ] {
      let result = try ChildProcess(
        IndexProgram.path,
        Array(arguments.prefix(1)) + ["--store", program.store]
          + arguments.dropFirst(), input: #"{"id":1}"#)
      // Nothing of one or two dots is a path: it is a name like any other, of an index that is not
      // there.
      let isName = name == "." || name == ".." || name == "-"
      let codes: Set<Int32> = isName ? [0, 65, 64] : [64, 65]
      #expect(codes.contains(result.exitCode), "\(arguments): \(result.exitCode) \(result.errors)")
      #expect(result.errors.utf8.count < 1_000)
    }
    // Nothing is where it should not be.
    let outside = try FileManager.default.contentsOfDirectory(atPath: program.directory.path)
    #expect(Set(outside).isSubset(of: ["store"]))
    let directories =
      (try? FileManager.default.contentsOfDirectory(atPath: program.store + "/indexes")) ?? []
    #expect(directories.allSatisfy { $0.count == 32 })
  }

  @Test func whatALinkInTheStoreLeadsToIsLeftAlone() throws {
    let outside = program.directory.file("outside")
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    let precious = try program.directory.write("precious", to: "outside/precious")
    _ = try program.run("add", "books", input: #"{"id":1}"#)
    let indexes = program.store + "/indexes"
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: indexes).first)
    func link(_ place: String, to target: String) throws {
      try? FileManager.default.removeItem(atPath: place)
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: target)
    }
    func isUnharmed() throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: outside) == ["precious"]
        && String(contentsOfFile: precious, encoding: .utf8) == "precious"
    }
    // One that looks like an abandoned index, one that is named otherwise.
    try link(indexes + "/0123456789abcdef0123456789abcdef", to: outside)
    try link(indexes + "/other", to: outside)
    #expect(try program.run("create", "more").exitCode == 0)
    #expect(try program.run("run", "--until-empty").exitCode == 0)
    #expect(try isUnharmed())
    // The files of an index.
    for file in ["data.mdb", "lock.mdb", "writer.lock"] {
      let place = "\(indexes)/\(name)/\(file)"
      let kept = program.directory.file("kept")
      try FileManager.default.moveItem(atPath: place, toPath: kept)
      try link(place, to: precious)
      for command in ["add", "search", "verify", "delete"] {
        let result =
          command == "verify"
          ? try program.run(command, "books")
          : try program.run(
            command, "books", command == "search" ? "x" : "-", input: #"{"id":2}"#)
        let mayNotMatter = file == "writer.lock" && ["search", "verify"].contains(command)
        #expect(
          mayNotMatter || [64, 65, 74].contains(result.exitCode), "\(file) \(command) \(result)")
        #expect(mayNotMatter || result.errors.contains("link"), "\(file) \(command) \(result)")
      }
      #expect(try isUnharmed())
      try FileManager.default.removeItem(atPath: place)
      try FileManager.default.moveItem(atPath: kept, toPath: place)
    }
    #expect(try program.run("verify", "books").exitCode == 0)
    // Directories of the store.
    for directory in ["catalog", "indexes", "payloads"] {
      let place = "\(program.store)/\(directory)"
      let kept = program.directory.file("kept")
      let existed = FileManager.default.fileExists(atPath: place)
      if existed { try FileManager.default.moveItem(atPath: place, toPath: kept) }
      try link(place, to: outside)
      let result = try program.run("enqueue", "add", "books", input: #"{"id":3}"#)
      #expect(result.exitCode == 74 && result.errors.contains("link"), "\(directory) \(result)")
      #expect(try isUnharmed())
      try FileManager.default.removeItem(atPath: place)
      if existed { try FileManager.default.moveItem(atPath: kept, toPath: place) }
    }
    #expect(try program.run("add", "books", input: #"{"id":4}"#).exitCode == 0)
  }

  @Test func filesAreForTheirOwnerOnly() throws {
    _ = try ChildProcess(
      "bash",
      [
        "-c",
        """
        umask 000
        echo '{"id":1}' | "$0" add books --store "$1"; echo '{"id":2}' | "$0" enqueue add books --store "$1"
        """, IndexProgram.path, program.store,
      ])
    let found = try ChildProcess(
      "find", [program.store, "-perm", "/077", "-printf", "%P %m\\n"])
    #expect(found.output.isEmpty, "\(found.output)")
    let all = try ChildProcess("find", [program.store, "-type", "f"])
    #expect(all.output.split(separator: "\n").count >= 7)
  }

  @Test func aLineWithoutEndIsRefusedInLimitedMemory() throws {
    let line = """
      ulimit -v 2000000
      (yes '"word"' | tr -d '\\n' 2>/dev/null) | "$0" add books - --store "$1" --max-document-size 10MB
      """
    let result = try ChildProcess("bash", ["-c", line, IndexProgram.path, program.store])
    #expect(result.exitCode == 65, "\(result.errors)")
    #expect(result.errors.contains("standard input:1: a document of more than"))
    let queued = """
      ulimit -f 100000
      (yes '"word"' | tr -d '\\n' 2>/dev/null) | "$0" enqueue add books - --store "$1"
      """
    let task = try ChildProcess("bash", ["-c", queued, IndexProgram.path, program.store])
    #expect(task.exitCode == 74, "\(task.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: program.store + "/payloads")
    #expect(left.isEmpty)
  }

  /// Small documents whose fields have much longer paths than there are bytes.
  private static let longPaths: [(name: String, document: String, isTaken: Bool)] = {
    let key = String(repeating: "k", count: 500_000)
    let zeros = Array(repeating: "0", count: 100_000).joined(separator: ",")
    let words = Array(repeating: #""a""#, count: 100_000).joined(separator: ",")
    let pairs = Array(repeating: #"{"x":"a","y":"b"}"#, count: 20_000).joined(separator: ",")
    let fields = (0..<50_000).map { #""\#($0)":0"# }.joined(separator: ",")
    return [
      ("numbers in a field", #"{"id":1,"k":{"\#(key)":[\#(zeros)]}}"#, true),
      ("words in a field", #"{"id":1,"k":{"\#(key)":[\#(words)]}}"#, true),
      ("words at the top", #"{"id":1,"\#(key)":[\#(words)]}"#, true),
      ("objects in a field", #"{"id":1,"k":{"\#(key)":[\#(pairs)]}}"#, true),
      ("fields of a field", #"{"id":1,"k":{"\#(key)":{\#(fields)}}}"#, false),
    ]
  }()

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")),
    arguments: longPaths.indices)
  func aSmallDocumentWithALongPathTakesLittleMemory(index: Int) throws {
    let (name, document, isTaken) = Self.longPaths[index]
    let file = try program.directory.write(
      "{\"id\":0}\n" + document + "\n", to: "documents.ndjson")
    let start = ContinuousClock.now
    let result = try program.runMeasured(
      "add", "books", file, "--memory", "16MB", "--threads", "1")
    #expect(result.peakMiB <= 16 + 20 + 24, "\(name)")
    #expect(ContinuousClock.now - start < .seconds(10), "\(name)")
    #expect(result.code == (isTaken ? 0 : 65), "\(name): \(result.text.prefix(500))")
    guard !isTaken else { return }
    #expect(result.text.contains(":2: the names of the document's fields"), "\(result.text)")
    // It is a bad document like any other.
    let skipped = try program.runMeasured(
      "add", "books", file, "--memory", "16MB", "--threads", "1", "--skip-bad", "--json")
    #expect(skipped.code == 0)
    #expect(try IndexProgram.objects(skipped.text).last?["skipped"] as? Int == 1)
  }
}

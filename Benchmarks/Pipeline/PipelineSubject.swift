import Foundation

/// A program that indexes a corpus.
struct PipelineSubject {
  /// What one run took.
  struct Sample {
    var seconds: Double
    var documentCount: Int
    var cpuSeconds: Double
    var peakResidentByteCount: Int
    var diskByteCount: Int
    /// Where the time went, if the program tells.
    var stages: String?
  }

  private struct Output: Decodable {
    var seconds: Double
    var documents: Int
    var stageSeconds: [String: Double]?
  }

  let name: String
  /// The program and its arguments for a corpus and a directory to write to.
  private let command: (Corpus, String) -> [String]
  /// Whether what it counts are documents.
  var countsDocuments = true

  /// Runs the program in a process of its own, with a new directory.
  func run(_ corpus: Corpus, scratch: String) throws -> Sample {
    let directory = "\(scratch)/output"
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let process = try CountedProcess(command(corpus, directory), watchesMemory: true)
    let output = try JSONDecoder().decode(Output.self, from: Data(process.output.utf8))
    let total = output.stageSeconds?.values.reduce(0, +) ?? 0
    let stages = output.stageSeconds.map { stages in
      stages.sorted { $0.value > $1.value }
        .map { "\($0.key) \(Int(($0.value / max(total, 1e-9) * 100).rounded())) %" }
        .joined(separator: ", ")
    }
    return Sample(
      seconds: output.seconds, documentCount: output.documents, cpuSeconds: process.cpuSeconds,
      peakResidentByteCount: process.peakResidentByteCount,
      diskByteCount: try Self.byteCount(of: directory), stages: stages)
  }

  /// The bytes of all files in a directory and below.
  private static func byteCount(of directory: String) throws -> Int {
    let files = FileManager.default.enumerator(atPath: directory)
    var sum = 0
    while let file = files?.nextObject() as? String {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
      if attributes[.type] as? FileAttributeType == .typeRegular {
        // Blocks, not lengths: lock files are sparse.
        sum += attributes[.size] as? Int ?? 0
      }
    }
    return sum
  }
}

// MARK: - The programs

extension PipelineSubject {
  private static let peers = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Peers/pipeline").path

  /// The subjects that this machine has; ours first.
  static func all(scratch: String) throws -> [PipelineSubject] {
    let program = Bundle.main.bundlePath + "/arena-index"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw Subject.Failure(description: "\(program) is missing; build it in this configuration")
    }
    var subjects = [
      own(program, "arena-index, 2 threads", threads: 2, memory: "256MB"),
      own(program, "arena-index, 2 threads, 96 MB", threads: 2, memory: "96MB"),
      own(program, "arena-index, 2 threads, 64 MB", threads: 2, memory: "64MB"),
      own(program, "arena-index, 1 thread", threads: 1, memory: "256MB"),
    ]
    if isPresent(["python3", "-c", "import tantivy"]) {
      for (name, threads) in [("tantivy, 2 threads", "2"), ("tantivy, 1 thread", "1")] {
        subjects.append(
          PipelineSubject(name: name) { corpus, directory in
            [
              "python3", "\(peers)/tantivy_index.py", corpus.path, corpus.fieldsPath, directory,
              threads, "128000000",
            ]
          })
      }
    } else {
      print("tantivy is left out: it needs Python's package of that name.\n")
    }
    let fts5 = "\(scratch)/fts5_index"
    if isPresent([
      "g++", "-O2", "-std=c++17", "-o", fts5, "\(peers)/fts5_index.cpp", "-lsimdjson", "-lsqlite3",
    ]) {
      subjects.append(
        PipelineSubject(name: "SQLite FTS5, no sync") { corpus, directory in
          [fts5, corpus.path, corpus.fieldsPath, "\(directory)/documents.sqlite"]
        })
    } else {
      print("FTS5 is left out: it needs Debian's package libsqlite3-dev.\n")
    }
    let copier = "\(scratch)/lmdb_copy"
    if isPresent(["gcc", "-O2", "-o", copier, "\(peers)/lmdb_copy.c", "-llmdb"]) {
      subjects.append(
        PipelineSubject(
          name: "LMDB alone, same keys and values",
          command: { corpus, directory in
            let index = "\(scratch)/index-\(corpus.name)"
            if !FileManager.default.fileExists(atPath: index) {
              _ = try? CountedProcess([
                program, "add", "corpus", corpus.path, "--store", index, "--quiet",
              ])
            }
            let names =
              (try? FileManager.default.contentsOfDirectory(atPath: index + "/indexes")) ?? []
            return [copier, "\(index)/indexes/\(names.first ?? "")", directory, "8388608"]
          }, countsDocuments: false))
    }
    return subjects
  }

  private static func own(
    _ program: String, _ name: String, threads: Int, memory: String
  ) -> PipelineSubject {
    PipelineSubject(name: name) { corpus, directory in
      [
        program, "add", "corpus", corpus.path, "--store", directory, "--json", "--memory", memory,
        "--threads", String(threads),
      ]
    }
  }

  /// Whether a command can be run and succeeds.
  private static func isPresent(_ words: [String]) -> Bool {
    (try? CountedProcess(words)) != nil
  }
}

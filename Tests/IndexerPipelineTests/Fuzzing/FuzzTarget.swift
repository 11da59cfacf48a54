import LMDB

@_spi(Internals) @testable import DocumentInput
@testable import IndexEngine
@_spi(Internals) @testable import SystemSupport
@testable import IndexerPipeline
@testable import SegmentFormat

/// What a fuzzer runs any bytes through: whatever they are, these ends normally, and what it says
/// about them holds.
///
/// `Scripts/fuzz` compiles this file together with `Tests/Fuzzers/PipelineFuzzer.swift`, and keeps
/// the inputs that are worth it in `Tests/Corpus`; ``FuzzCorpusTests`` replays them.
enum FuzzTarget: String, CaseIterable {
  case json
  case csv
  case query
  case stored

  /// Runs the target on an input.
  ///
  /// - Throws: ``FuzzFailure`` if what should hold does not.
  func run(_ input: [UInt8]) throws {
    guard let first = input.first else { return }
    let rest = Array(input.dropFirst())
    switch self {
    case .json: try Self.readDocuments(rest, [.auto, .ndjson, .json][Int(first) % 3], first)
    case .csv: try Self.readDocuments(rest, [.csv, .tsv][Int(first) % 2], first)
    case .query: try Self.readQuery(rest, first)
    case .stored: try Self.readStored(rest, first)
    }
  }
}

/// What should hold and does not.
struct FuzzFailure: Error {
  let problem: String
  init(_ problem: String) { self.problem = problem }
}

// MARK: - Documents

extension FuzzTarget {
  /// Cuts an input into documents and parses them, in blocks of two sizes: the same must come of
  /// it.
  private static func readDocuments(
    _ bytes: [UInt8], _ format: InputFormat, _ choice: UInt8
  ) throws {
    // A separator that is said is not looked for in a sample.
    let separator = format == .csv && choice & 4 != 0 ? UInt8(ascii: ",") : nil
    let (large, largeEnd) = documents(bytes, format, separator, blockByteCount: 1 << 20)
    let (small, smallEnd) = documents(bytes, format, separator, blockByteCount: 16 + Int(choice))
    guard large == small, largeEnd == smallEnd else {
      throw FuzzFailure(
        "\(large), \(largeEnd ?? "") in one block, \(small), \(smallEnd ?? "") in small ones")
    }
  }

  /// The documents of an input, and why reading ended, if not at its end.
  private static func documents(
    _ bytes: [UInt8], _ format: InputFormat, _ separator: UInt8?, blockByteCount: Int
  ) -> (found: [String], failure: String?) {
    var found: [String] = []
    do throws(IndexerError) {
      var reader = try DocumentReader(
        [NamedInput(.bytes(bytes, name: "input"), format: format, separator: separator)],
        limits: DocumentReader.Limits(
          blockByteCount: blockByteCount, maximumDocumentByteCount: 1 << 12))
      var block = InputBlock()
      var parser = JSONDocumentParser()
      var tokenizer = Tokenizer()
      while try reader.nextBlock(into: &block) {
        for range in block.documents {
          found.append(describe(range, of: block, &parser, &tokenizer))
        }
      }
    } catch {
      return (found, "\(error)")
    }
    return (found, nil)
  }

  /// A document in words: its place, its values and the terms in them, or what is wrong with it.
  private static func describe(
    _ range: InputBlock.DocumentRange, of block: borrowing InputBlock,
    _ parser: inout JSONDocumentParser, _ tokenizer: inout Tokenizer
  ) -> String {
    var text = "\(range.line), \(range.byteCount) bytes:"
    do throws(DocumentError) {
      try parser.parse(range, of: block)
      var id: [UInt8] = []
      for index in 0..<parser.leafCount {
        let leaf = parser.leaf(index)
        text += " \(String(decoding: leaf.path))"
        var cursor = Tokenizer.Cursor()
        while let position = tokenizer.next(in: leaf.text, &cursor) {
          text += " \(position) \(String(decoding: tokenizer.term))"
        }
        id.removeAll()
        if leaf.appendDigits(to: &id) { text += " \(id)" }
      }
      let end = range.byteOffset + range.byteCount
      try parser.readID(
        named: Array("id".utf8), into: &id,
        generatedFrom: block.bytes.extracting(range.byteOffset..<end), if: false,
        maximumByteCount: SegmentLimits.maximumIDByteCount)
      text += " id \(id)"
    } catch {
      text += " \(error)"
    }
    return text
  }
}

// MARK: - Queries

/// Fields that are known by name.
struct KnownFields: SearchableFields {
  private let known: Set<String>

  init(_ names: Set<String>) { known = names }

  func contains(_ name: String) throws(IndexerError) -> Bool { known.contains(name) }

  func names() throws(IndexerError) -> [String] { known.sorted() }
}

extension FuzzTarget {
  /// Reads a query. A term is a word that stands for itself.
  private static func readQuery(_ bytes: [UInt8], _ choice: UInt8) throws {
    let request = SearchRequest(
      String(decoding: bytes, as: UTF8.self), fields: choice & 4 == 0 ? [] : ["title"],
      matchesPrefix: choice & 1 != 0, matchesPhrase: choice & 2 != 0)
    let query: Query
    do throws(IndexerError) {
      query = try Query(request, on: KnownFields(["title", "a.b", ""]))
    } catch {
      guard error.code == .badRequest else { throw FuzzFailure("\(error)") }
      return
    }
    guard (1...SearchRequest.maximumWordCount).contains(query.words.count) else {
      throw FuzzFailure("\(query.words.count) words")
    }
    var tokenizer = Tokenizer()
    for word in query.words {
      guard (1...SegmentLimits.maximumTermByteCount).contains(word.term.count) else {
        throw FuzzFailure("a term of \(word.term.count) bytes")
      }
      var cursor = Tokenizer.Cursor()
      var again: [[UInt8]] = []
      while tokenizer.next(in: word.term.span, &cursor) != nil {
        var term: [UInt8] = []
        term.append(copying: tokenizer.term)
        again.append(term)
      }
      guard again == [word.term] else { throw FuzzFailure("\(word.term) gives \(again)") }
    }
  }
}

// MARK: - Stored bytes

extension FuzzTarget {
  /// Decodes bytes as each of the things that are stored.
  private static func readStored(_ bytes: [UInt8], _ choice: UInt8) throws {
    do {
      switch choice % 7 {
      case 0: try readPostings(bytes, seeking: false)
      case 1: try readPostings(bytes, seeking: true)
      case 2:
        var entries = SortedBlockReader(bytes.span)
        while try entries.next() {}
      case 3:
        let block = try DocumentBlock(bytes.span)
        for index in 0..<block.count { _ = (block.id(index), block.bytes(index)) }
      case 4:
        let tombstones = try Tombstones(bytes.span)
        let again = try Tombstones(tombstones.encoded().span)
        guard again.encoded() == tombstones.encoded() else { throw FuzzFailure("other tombstones") }
      case 5:
        let manifest = try Manifest(bytes.span, at: .init(source: "input"))
        let again = try Manifest(manifest.encoded().span, at: .init(source: "input"))
        guard again.encoded() == manifest.encoded() else { throw FuzzFailure("another manifest") }
      default:
        _ = IDFilter.mayContain(0x1234_5678_9abc_def0 &* UInt64(choice), in: bytes.span)
        _ = try FieldLengths(bytes.span)
      }
    } catch is DecodingFault {
    } catch is IndexerError {
    }
  }

  private static func readPostings(_ bytes: [UInt8], seeking: Bool) throws {
    var reader = try PostingsReader(bytes.span)
    var positions: [UInt32] = []
    var last: UInt32?
    while try seeking ? reader.seek(atOrAfter: (last ?? 0) &+ 3) : reader.next() {
      if let last, reader.document <= last { throw FuzzFailure("documents out of order") }
      last = reader.document
      positions.removeAll(keepingCapacity: true)
      // A frequency may be far more than there are bytes.
      try reader.appendPositions(to: &positions)
      guard positions.count == Int(reader.frequency) else {
        throw FuzzFailure("\(positions.count) positions, frequency \(reader.frequency)")
      }
      if reader.document >= .max - 4 { return }
    }
  }
}

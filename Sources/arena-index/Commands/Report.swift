import ArgumentParser
import Foundation
import IndexerPipeline

struct Report: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a page about a store, and about how an addition went.",
    discussion: """
      The page needs nothing from elsewhere: it can be sent, kept, and read without a network. The curves of a run are drawn by \
      gnuplot.

        arena-index add books books.json --record run.json
        arena-index report --html report.html --run run.json
      """)

  @Option(help: ArgumentHelp("The page to write.", valueName: "file"), completion: .file())
  var html: String

  @Option(
    help: ArgumentHelp("The record of a run, made by 'add --record'.", valueName: "file"),
    completion: .file())
  var run: String?

  @OptionGroup var options: StoreOptions

  /// The most indexes whose segments and terms are shown: the largest.
  private static let maximumDetailCount = 10

  func execute() throws {
    let store = try options.open()
    let indexes = try store.indexes()
    var sections = [("Indexes", list(indexes))]
    for index in indexes.sorted(by: { $0.byteCount > $1.byteCount }).prefix(
      Self.maximumDetailCount)
    {
      sections.append(("Index '\(index.name)'", try details(of: index.name, in: store)))
    }
    if let run { sections.append(contentsOf: try curves(of: RunRecord.read(run))) }
    sections.append(("Address space", addressSpace(usage: AddressSpaceReport.current())))
    sections.append(("Allocator", allocator(AllocatorReport.current())))
    let page = HTML.page(title: "Store \(options.store)", sections)
    try ByteFile.write(Data(page.utf8), to: html)
    let shown = PathText.shown(html)
    try options.print(json: JSONLine().with("page", shown), text: "Wrote \(shown)")
  }

  private func list(_ indexes: [IndexSummary]) -> String {
    guard !indexes.isEmpty else { return "<p>There are none.</p>" }
    return HTML.table(
      ["index", "documents", "segments", "size", "ids from"],
      indexes.map {
        [
          $0.name, Formatting.count($0.documentCount), Formatting.count($0.segmentCount),
          Formatting.bytes($0.byteCount), $0.primaryKey,
        ]
      }, numbers: [1, 2, 3])
  }

  private func details(of name: String, in store: Store) throws -> String {
    let statistics = try store.statistics(of: name)
    let segments = statistics.segments.map { segment in
      (
        label: "segment \(segment.number)", value: segment.byteCount,
        text: Formatting.bytes(segment.byteCount) + ", "
          + Formatting.plural(segment.documentCount - segment.deletedCount, "document")
          + (segment.deletedCount == 0
            ? "" : " and \(Formatting.count(segment.deletedCount)) deleted")
      )
    }
    let terms = try store.largestTerms(of: name).map { term in
      (
        label: "\(term.field): \(term.term)", value: term.byteCount,
        text:
          "\(Formatting.bytes(term.byteCount)), \(Formatting.plural(term.documentCount, "document"))"
      )
    }
    return """
      <p>\(HTML.escape(Formatting.plural(statistics.documentCount, "document"))), a file of \
      \(Formatting.bytes(statistics.fileByteCount)), \(Formatting.plural(statistics.fields.count, "field")) with text.</p>
      <h3>Segments</h3>\(HTML.bars(segments))
      <h3>Largest terms</h3>\(HTML.bars(terms))
      """
  }

  private func curves(of run: RunRecord) throws(CommandFailure) -> [(String, String)] {
    let samples = run.samples
    let note =
      "<p>\(Formatting.plural(run.documents, "document")) to '\(HTML.escape(run.index))' in "
      + "\(String(format: "%.2f", run.seconds)) s, \(Formatting.plural(samples.count, "sample")).</p>"
    guard samples.count >= 2 else {
      return [("Run", note + "<p>It was too short to draw.</p>")]
    }
    let memory = Plot(
      title: "Memory over time", unit: "MiB",
      curves: [
        curve("resident anonymous memory", samples) { Double($0.rssAnonBytes) / 1_048_576 },
        curve("arenas and input", samples) { Double($0.workBytes) / 1_048_576 },
        curve("pages not yet written", samples) { Double($0.pageBytes) / 1_048_576 },
      ])
    // Input is read a block at a time: a rate is one over some time.
    let interval = max(0.2, run.seconds / 40)
    var rates: [(Double, Double)] = []
    var before = samples[0]
    for after in samples where after.seconds - before.seconds >= interval {
      let megabytes = Double(after.inputBytes - before.inputBytes) / 1e6
      rates.append((after.seconds, megabytes / (after.seconds - before.seconds)))
      before = after
    }
    let drawn = ("Run: memory", note + (try memory.svg()))
    guard rates.count >= 2 else { return [drawn] }
    let rate = Plot(
      title: "Throughput over time", unit: "MB/s", curves: [.init(name: "input", points: rates)])
    return [drawn, ("Run: throughput", try rate.svg())]
  }

  private func curve(
    _ name: String, _ samples: [RunRecord.Sample], _ value: (RunRecord.Sample) -> Double
  ) -> Plot.Curve {
    Plot.Curve(name: name, points: samples.map { ($0.seconds, value($0)) })
  }

  private func addressSpace(usage report: AddressSpaceReport) -> String {
    HTML.table(
      ["", ""],
      [
        ["can be mapped", Formatting.bytes(report.measurement.byteCount)],
        [
          "limit of the process",
          report.measurement.resourceLimitByteCount.map(Formatting.bytes) ?? "none",
        ],
        ["budget for maps of indexes", Formatting.bytes(report.budgetByteCount)],
        ["mapped now", Formatting.bytes(report.usage.mapByteCount)],
        ["open now", "\(report.usage.environmentCount) of \(report.maximumOpenCount)"],
        ["first map of an index", Formatting.bytes(report.largestMapByteCount)],
      ], numbers: [1])
  }

  private func allocator(_ report: AllocatorReport) -> String {
    let name = [report.allocator.name, report.allocator.version].compactMap { $0 }
      .joined(separator: " ")
    let rows = report.parts.map { part in
      [part.name, part.isShared.map { $0 ? name : "another one" } ?? "it cannot be told"]
    }
    return HTML.table(["part of the process", "allocator"], rows)
      + "<p>\(report.isUnified ? "One allocator serves the whole process." : "Blocks come from several allocators; see 'arena-index doctor'.")</p>"
  }
}

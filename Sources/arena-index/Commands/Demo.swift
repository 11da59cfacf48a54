import ArgumentParser
import Foundation
import IndexerPipeline

struct Demo: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Index this machine's package catalog and search it.",
    discussion: """
      Reads what apt knows (about 64,000 documents on Debian 12). Where there is no apt, a small set of documents that is \
      built in is used. The documents are left beside the store, to be added, changed or searched again.

        arena-index demo --store demo-store
      """)

  @OptionGroup var options: StoreOptions

  private static let index = "packages"
  private static let searches = [
    SearchRequest("text editor", limit: 3),
    SearchRequest("memory allocator", limit: 3, matchesPhrase: true),
    SearchRequest("section:editors vim", limit: 3),
    SearchRequest("compres", fields: ["summary"], limit: 3, matchesPrefix: true),
  ]

  func execute() throws {
    let path = options.store + ".ndjson"
    let isForPeople = !options.json
    if let count = try PackageCatalog.write(to: path) {
      if isForPeople {
        try Output.print(
          "Wrote \(Formatting.plural(count, "package")) of this machine's catalog to \(path)"
        )
      }
    } else {
      try SampleDocuments.write(to: path)
      if isForPeople {
        try Output.print("There is no apt here: wrote the built-in documents to \(path)")
      }
    }

    let store = try options.open(createsIfMissing: true)
    let bar = ProgressBar()
    let report = try store.add([.file(path)], to: Self.index) { bar.update($0) }
    bar.finish()
    try options.print(json: report.json(index: Self.index), text: report.text(index: Self.index))

    for request in Self.searches {
      let results = try store.search(Self.index, request)
      if isForPeople {
        try Output.print(
          "\n$ arena-index search \(Self.index)\(request.arguments) --store \(options.store)"
        )
      }
      try results.print(of: request, asJSON: options.json)
    }
    if isForPeople {
      try Output.print("\nYour own: .build/release/arena-index add books books.json")
    }
  }
}

extension SearchRequest {
  /// The request as it is typed.
  fileprivate var arguments: String {
    var text = " \"\(self.text)\""
    for field in fields { text += " --field \(field)" }
    if matchesPrefix { text += " --prefix" }
    if matchesPhrase { text += " --phrase" }
    return text + " --limit \(limit)"
  }
}

import ArgumentParser
import Foundation
import IndexerPipeline

struct Search: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the documents that have all words of a query, best first.",
    discussion: """
      Words are compared without regard to case and accents. 'field:word' looks for a word in one field. Numbers are \
      found as they are written, booleans as 'true' and 'false'. What other programs take for operators, such as \
      -word, OR or quotes, is read as words, and said so on standard error.

        arena-index search packages "description:editor vim" --limit 5
        arena-index search packages "text edi" --prefix --field summary
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Argument(help: "The words; several arguments are joined.")
  var query: [String]

  @Option(help: "The most hits to print.")
  var limit = 10

  @Option(help: "The number of best hits to leave out.")
  var offset = 0

  @Option(name: .customLong("field"), help: "Look in this field only; may be repeated.")
  var fields: [String] = []

  @Flag(help: "The last word may be the beginning of one.")
  var prefix = false

  @Flag(help: "The words must stand next to each other, in this order.")
  var phrase = false

  @Option(
    help: ArgumentHelp(
      "The most seconds that the search may take; 0 for as long as it needs.", valueName: "seconds")
  )
  var timeout = 30.0

  @OptionGroup var options: StoreOptions

  func validate() throws {
    // More than a century is as long as it needs.
    guard timeout >= 0, timeout < 4e9 else {
      throw ValidationError("'--timeout \(timeout)' is no number of seconds: use 0 or more")
    }
  }

  func execute() throws {
    let request = SearchRequest(
      query.joined(separator: " "), fields: fields, limit: limit, offset: offset,
      matchesPrefix: prefix, matchesPhrase: phrase,
      timeout: timeout > 0 ? .seconds(timeout) : nil)
    let results = try results(of: request)
    for hint in results.hints { Terminal.printError("arena-index: note: \(hint.text)") }
    try results.print(of: request, asJSON: options.json)
  }

  private func results(of request: SearchRequest) throws(IndexerError) -> SearchResults {
    do throws(IndexerError) {
      return try options.open().search(index, request)
    } catch {
      guard error.code == .timedOut else { throw error }
      throw IndexerError(error.cause, at: IndexerError.Location(index: index))
    }
  }
}

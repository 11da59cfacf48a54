import ArgumentParser
import Foundation
import IndexerPipeline

struct Search: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the documents that have all words of a query, best first.",
    discussion: """
      Words are compared without regard to case and accents. 'field:word' looks for a word in one field.

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

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let request = SearchRequest(
      query.joined(separator: " "), fields: fields, limit: limit, offset: offset,
      matchesPrefix: prefix, matchesPhrase: phrase)
    let results = try options.open().search(index, request)
    try results.print(of: request, asJSON: options.json)
  }
}

import Foundation
import IndexerPipeline

extension SearchResults {
  /// Prints the hits; for a person also why each was found, and how many there are.
  func print(of request: SearchRequest, asJSON isForPrograms: Bool) {
    if isForPrograms {
      for hit in hits { Swift.print(hit.json) }
      return
    }
    let excerpt = Excerpt(of: request, emphasize: Terminal.emphasize)
    for (position, hit) in hits.enumerated() {
      let score = String(format: "%.3f", hit.score)
      Swift.print("\(request.offset + position + 1). \(Excerpt.printable(hit.id))  \(score)")
      for line in excerpt.lines(of: hit.document, id: hit.id) { Swift.print("   \(line)") }
    }
    let milliseconds = String(format: "%.1f ms", duration.inSeconds * 1000)
    Swift.print("\(Formatting.plural(matchCount, "document")) in \(milliseconds)")
  }
}

extension SearchHit {
  /// The hit for a program.
  fileprivate var json: String {
    JSONLine().with("id", id).with("score", score)
      .with("document", document: document).text
  }
}

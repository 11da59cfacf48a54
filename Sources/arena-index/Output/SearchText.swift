import Foundation
import IndexerPipeline

extension SearchResults {
  /// Prints the hits, and how many documents were found; for a person also why each was.
  func print(
    of request: SearchRequest, asJSON isForPrograms: Bool
  ) throws(CommandFailure) {
    if isForPrograms {
      for hit in hits { try Output.print(hit.json) }
      return try Output.print(
        JSONLine().with("total", matchCount).with("seconds", duration.inSeconds))
    }
    let excerpt = Excerpt(of: self, emphasize: TerminalText.Emphasis.mark)
    for (position, hit) in hits.enumerated() {
      let score = String(format: "%.3f", hit.score)
      try Output.print("\(request.offset + position + 1). \(hit.id)  \(score)")
      for line in excerpt.lines(of: hit) {
        let shown = TerminalText(marked: line, isEmphasized: Terminal.hasEmphasis)
        try Output.print("   \(shown)")
      }
    }
    let milliseconds = String(format: "%.1f ms", duration.inSeconds * 1000)
    try Output.print("\(Formatting.plural(matchCount, "document")) in \(milliseconds)")
  }
}

extension SearchHit {
  /// The hit for a program.
  fileprivate var json: JSONLine {
    JSONLine().with("id", id).with("score", score)
      .with("document", document: document)
  }
}

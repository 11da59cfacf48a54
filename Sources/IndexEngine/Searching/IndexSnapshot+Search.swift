@_spi(Internals) package import SystemSupport

extension IndexSnapshot {
  /// A document that matches, by its place in the snapshot.
  private struct Match {
    var score: Double
    var segment: Int
    var document: UInt32

    /// Better scores first, then in the order in which documents were added.
    static func isBetter(_ left: Match, _ right: Match) -> Bool {
      if left.score != right.score { return left.score > right.score }
      return (left.segment, left.document) < (right.segment, right.document)
    }
  }

  package func search(
    _ request: SearchRequest, counting work: SearchWork = SearchWork()
  ) throws(IndexerError) -> SearchResults {
    let query = try Query(request, on: self)
    work.begin(query)
    var searches: [SegmentSearch] = []
    var ranking = Ranking()
    for index in segments.indices {
      searches.append(
        try SegmentSearch(query, on: index, of: self, &ranking, counting: work))
    }
    let fields = ranking.fieldsInOrder
    for index in searches.indices { try searches[index].findFields(fields, of: self, &ranking) }

    var matchCount = 0
    var best: [Match] = []
    let (wanted, overflow) = request.offset.addingReportingOverflow(request.limit)
    for search in searches where search.mayMatch {
      var documents = try search.matches(in: self)
      if query.isPhrase {
        documents = try search.phraseMatches(among: documents, in: self)
      }
      matchCount += documents.count
      let scores = try search.scores(of: documents, by: ranking, in: self)
      for (document, score) in zip(documents, scores) {
        best.append(Match(score: score, segment: search.index, document: document))
      }
      best.sort(by: Match.isBetter)
      best.removeLast(max(0, best.count - (overflow ? .max : wanted)))
    }
    var hits: [SearchHit] = []
    for match in best.dropFirst(request.offset) {
      let document = try segments[match.segment].document(match.document, in: transaction)
      hits.append(
        SearchHit(
          id: String(decoding: document.id, as: UTF8.self), score: match.score,
          document: document.bytes))
    }
    return SearchResults(
      matchCount: matchCount, hits: hits, duration: .zero, hints: query.hints, query: query)
  }
}

extension IndexSnapshot: SearchableFields {
  package func contains(_ name: String) throws(IndexerError) -> Bool {
    for segment in segments where try segment.field(named: name, in: transaction) != nil {
      return true
    }
    return false
  }

  package func names() throws(IndexerError) -> [String] {
    var names: Set<String> = []
    for segment in segments { names.formUnion(try segment.fieldNames(in: transaction)) }
    return names.sorted()
  }
}

// Reading never writes: neither to the index nor to the catalog.

extension Store {
  /// Finds the documents of an index that have all words of a request, best first.
  ///
  /// It sees the index as it was when the search began, and neither waits for writers nor hinders
  /// them.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - request: What to look for.
  ///   - cancellation: Asks for the end before there is a result.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, `badRequest` if the
  ///   query has no words or stands for too many, `timedOut` if the request's time is over, saying
  ///   which word was too much, `cancelled` if that was asked for.
  /// - Complexity: O(*n*) for the terms that the words stand for and their postings. What else the
  ///   index has does not matter.
  public func search(
    _ name: String, _ request: SearchRequest, cancellation: IndexingCancellation? = nil
  ) throws(IndexerError) -> SearchResults {
    let start = ContinuousClock.now
    let work = SearchWork(timeout: request.timeout, cancellation: cancellation)
    let reading = try read(name, for: "search")
    var results = try reading.snapshot.search(request, counting: work)
    results.duration = ContinuousClock.now - start
    return results
  }

  /// The document with the given id, byte for byte as it was added, or `nil`.
  ///
  /// - Parameters:
  ///   - id: The external id.
  ///   - name: The name of the index.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index.
  public func document(_ id: String, in name: String) throws(IndexerError) -> [UInt8]? {
    try read(name, for: "get").snapshot.document(id: Array(id.utf8))
  }

  /// What an index consists of. The index is opened.
  ///
  /// - Parameter name: The name of the index.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index.
  public func statistics(of name: String) throws(IndexerError) -> IndexStatistics {
    try read(name, for: "stats").snapshot.statistics(named: name)
  }

  /// The terms whose postings are largest, the largest first.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - limit: The most terms.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, `corrupted` if it is
  ///   damaged.
  /// - Complexity: O(*n*) for *n* terms, of most of which only the size is read.
  public func largestTerms(
    of name: String, limit: Int = 20
  ) throws(IndexerError) -> [TermStatistics] {
    try read(name, .readWrite, for: "report").snapshot.largestTerms(limit: limit)
  }
}

// MARK: - Everything an index holds

extension Store {
  /// Goes through everything an index would find: each field and term with its documents, sorted by
  /// term and then by field.
  ///
  /// The result depends on the documents alone, not on how they were added. All ids of the index
  /// are in memory meanwhile.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - body: Called for each entry, in order.
  /// - Throws: ``IndexerError``, or what `body` throws.
  public func dump(_ name: String, _ body: (DumpEntry) throws -> Void) throws {
    let reading = try read(name, .readWrite, for: "dump")
    try reading.snapshot.dump(body)
  }

  /// Reads everything an index holds and checks that it is in order and agrees with itself:
  /// documents with ids, terms with documents, positions with frequencies, counts with the
  /// manifest.
  ///
  /// - Parameter name: The name of the index.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, or one that cannot be
  ///   opened.
  public func verify(_ name: String) throws(IndexerError) -> VerificationReport {
    var verifier = IndexVerifier(named: name)
    // Before there is a snapshot: a thread that has one cannot make the map larger where another
    // program has grown the file.
    do {
      let lease = try lease(name, .readWrite, for: "verify")
      try verifier.verifyPages(of: lease.connection)
    }
    let reading = try read(name, .readWrite, for: "verify")
    try verifier.verify(reading.snapshot)
    return verifier.report
  }
}

extension Store {
  /// A snapshot of an index at this moment, together with what keeps the index open.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - access: How the index is opened, if it is not open already.
  ///   - purpose: What for, for messages to others.
  func read(
    _ name: String, _ access: IndexAccess = .readOnly, for purpose: StaticString
  ) throws(IndexerError) -> LeasedSnapshot {
    try LeasedSnapshot(of: lease(name, access, for: purpose))
  }
}

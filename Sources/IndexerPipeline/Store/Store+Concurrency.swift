// The same operations for Swift concurrency. Each runs on a thread of its own, because it waits for
// the device and for locks: the threads of the cooperative pool stay free.

extension Store {
  /// Adds documents to an index; see the function of the same name that is not `async`.
  ///
  /// If the task is cancelled, the operation ends early and throws.
  ///
  /// - Parameters:
  ///   - inputs: Where the documents are read from, in order.
  ///   - name: The name of the index.
  ///   - configuration: Limits and budgets.
  ///   - progress: Called from a worker thread about once for each MiB of input.
  /// - Throws: ``IndexerError``, with `cancelled` if the task was.
  public func add(
    _ inputs: [InputSource], to name: String,
    configuration: IndexerConfiguration = IndexerConfiguration(),
    progress: (@Sendable (IndexingProgress) -> Void)? = nil
  ) async throws(IndexerError) -> IndexingReport {
    let cancellation = IndexingCancellation()
    let result = await withTaskCancellationHandler {
      await WorkerThreads.result { () throws(IndexerError) in
        try self.add(
          inputs, to: name, configuration: configuration, cancellation: cancellation,
          progress: progress)
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }

  /// Applies changes to an index; see the function of the same name that is not `async`.
  ///
  /// - Parameters:
  ///   - changes: The changes; of those of one document the last counts.
  ///   - name: The name of the index.
  ///   - configuration: Limits and budgets.
  /// - Throws: ``IndexerError``, with `cancelled` if the task was.
  public func apply(
    _ changes: sending some Sequence<DocumentChange>, to name: String,
    configuration: IndexerConfiguration = IndexerConfiguration()
  ) async throws(IndexerError) -> IndexingReport {
    try await add(
      [.changes(DocumentChanges(changes, name: "changes"))], to: name,
      configuration: configuration)
  }

  /// Deletes documents; see the function of the same name that is not `async`.
  ///
  /// - Parameters:
  ///   - ids: External ids.
  ///   - name: The name of the index.
  /// - Throws: ``IndexerError``.
  public func delete(
    _ ids: [String], from name: String
  ) async throws(IndexerError) -> DeletionReport {
    try await WorkerThreads.result { () throws(IndexerError) in
      try self.delete(ids, from: name)
    }.get()
  }

  /// Compacts an index; see the function of the same name that is not `async`.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - configuration: The memory to work in.
  /// - Throws: ``IndexerError``.
  public func compact(
    _ name: String, configuration: IndexerConfiguration = IndexerConfiguration()
  ) async throws(IndexerError) -> CompactionReport {
    try await WorkerThreads.result { () throws(IndexerError) in
      try self.compact(name, configuration: configuration)
    }.get()
  }

  /// Searches an index; see the function of the same name that is not `async`.
  ///
  /// If the task is cancelled, the search ends early and throws.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - request: What to look for.
  /// - Throws: ``IndexerError``, with `cancelled` if the task was.
  public func search(
    _ name: String, _ request: SearchRequest
  ) async throws(IndexerError) -> SearchResults {
    let cancellation = IndexingCancellation()
    let result = await withTaskCancellationHandler {
      await WorkerThreads.result { () throws(IndexerError) in
        try self.search(name, request, cancellation: cancellation)
      }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }

  /// The document with the given id, or `nil`; see the function of the same name that is not
  /// `async`.
  ///
  /// - Parameters:
  ///   - id: The external id.
  ///   - name: The name of the index.
  /// - Throws: ``IndexerError``.
  public func document(_ id: String, in name: String) async throws(IndexerError) -> [UInt8]? {
    try await WorkerThreads.result { () throws(IndexerError) in
      try self.document(id, in: name)
    }.get()
  }
}

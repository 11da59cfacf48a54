import LMDB

// Making and moving names. Each of these is one transaction of the catalog: it has happened, or it
// has not.

extension Store {
  /// Makes an index without documents.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - primaryKey: The field that will hold the ids. Without it, the first document decides.
  /// - Throws: ``IndexerError`` with `badRequest` if there is one of that name or the name is not
  ///   acceptable, or `storage`.
  public func create(_ name: String, primaryKey: String? = nil) throws(IndexerError) {
    try Self.check(name)
    try PrimaryKey.check(name: primaryKey)
    // Nobody waits for a writer to be told that.
    guard try catalog.summary(of: name) == nil else { throw nameIsTaken(name) }
    let (known, directory, lock) = try claimForWriting(name)
    defer { lock.release() }
    guard known == nil else { throw nameIsTaken(name) }
    do throws(IndexerError) {
      try withIndex(name, in: directory, for: "create") { connection throws(IndexerError) in
        let writer = try IndexWriter(
          connection, transactionByteCount: IndexerConfiguration().transactionByteCount)
        writer.setPrimaryKey(primaryKey)
        try writer.publish()
        let summary = try Self.summary(of: connection, named: name, directory: directory)
        try catalog.write { try catalog.store(summary, in: &$0) }
      }
    } catch {
      retire(directory, patience: .zero)
      throw error
    }
  }

  /// Gives an index another name.
  ///
  /// - Parameters:
  ///   - name: Its name now.
  ///   - newName: The name to be. No index may have it.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, `badRequest` if the new
  ///   name is taken or not acceptable, `busy` if the index is being written to.
  public func rename(_ name: String, to newName: String) throws(IndexerError) {
    try Self.check(newName)
    let (directory, lock) = try claimExisting(name)
    defer { lock.release() }
    try catalog.write { transaction in
      var summary = try requireUnchanged(name, directory, in: transaction)
      guard try catalog.summary(of: newName, in: transaction) == nil else {
        throw nameIsTaken(newName)
      }
      try catalog.remove(name, in: &transaction)
      summary.name = newName
      try catalog.put(summary, in: &transaction)
    }
  }

  /// Exchanges the names of two indexes: one that was made in the background takes the place of one
  /// that is in use, at once. Searches that have begun end on the index they began on.
  ///
  /// - Parameters:
  ///   - first: An index.
  ///   - second: Another one.
  /// - Throws: ``IndexerError`` with `notFound` if one of them does not exist, `busy` if one is
  ///   being written to, `badRequest` if both are the same.
  public func swap(_ first: String, _ second: String) throws(IndexerError) {
    try swap(first, second, timeout: nil) { _ in }
  }

  /// Exchanges the names of two indexes. What `also` writes to the catalog happens together with
  /// that.
  func swap(
    _ first: String, _ second: String, timeout: Duration?,
    also: (inout WriteTransaction) throws -> Void
  ) throws(IndexerError) {
    try Self.checkSwap(first, second)
    // In one order everywhere: who waits for the second has the first.
    let names = first < second ? (first, second) : (second, first)
    let (firstDirectory, firstLock) = try claimExisting(names.0, timeout: timeout)
    defer { firstLock.release() }
    let (secondDirectory, secondLock) = try claimExisting(names.1, timeout: timeout)
    defer { secondLock.release() }
    try catalog.write { transaction in
      var left = try requireUnchanged(names.0, firstDirectory, in: transaction)
      var right = try requireUnchanged(names.1, secondDirectory, in: transaction)
      (left.name, right.name) = (right.name, left.name)
      try catalog.put(left, in: &transaction)
      try catalog.put(right, in: &transaction)
      try also(&transaction)
    }
  }

  /// Throws unless two indexes can exchange their names.
  static func checkSwap(_ first: String, _ second: String) throws(IndexerError) {
    guard first != second else {
      throw IndexerError(.request(.swapWithItself(first)))
    }
  }

  /// The index called `name`, which must still be in `directory`.
  @discardableResult
  func requireUnchanged(
    _ name: String, _ directory: String, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> IndexSummary {
    guard let summary = try catalog.summary(of: name, in: transaction),
      summary.directory == directory
    else {
      throw IndexerError(.missing(.movedIndex(name)), at: location)
    }
    return summary
  }

  private func nameIsTaken(_ name: String) -> IndexerError {
    IndexerError(.request(.indexExists(name)), at: location)
  }
}

import LMDB

/// The names of the indexes of a store, with what a listing shows, in an environment of its own.
final class Catalogue: Sendable {
  private let environment: Environment
  private let indexes: Database
  private let path: String

  /// Room for about a hundred thousand indexes; it grows if there are more.
  private static let initialMapByteCount = 64 << 20

  init(path: String) throws(IndexerError) {
    self.path = path
    do throws(LMDBError) {
      environment = try Environment(
        path: path,
        options: EnvironmentOptions(
          mapByteCount: Self.initialMapByteCount, maximumDatabases: 1))
      var transaction = try environment.beginWrite()
      indexes = try transaction.createDatabase(named: "indexes")
      try transaction.commit()
    } catch {
      throw IndexerError(error)
    }
  }

  /// The index called `name`, or `nil`.
  func summary(of name: String) throws(IndexerError) -> IndexSummary? {
    let key = Array(name.utf8)
    let transaction = try environment.beginReading()
    guard let bytes = try transaction.find(key.span, in: indexes) else { return nil }
    return try decode(name, bytes)
  }

  /// All indexes, sorted by name.
  func summaries() throws(IndexerError) -> [IndexSummary] {
    var summaries: [IndexSummary] = []
    let transaction = try environment.beginReading()
    var cursor = try transaction.entries(of: indexes)
    while try cursor.advance() {
      summaries.append(try decode(String(decoding: cursor.key), cursor.value))
    }
    return summaries
  }

  /// Stores what is known about an index, under its name.
  ///
  /// - Parameters:
  ///   - summary: What is known.
  ///   - directory: The directory that the index had before, if it has moved.
  /// - Throws: ``IndexerError/Code/busy`` if another index has taken the name meanwhile.
  func store(
    _ summary: IndexSummary, movedFrom directory: String? = nil
  ) throws(IndexerError) {
    if let other = try self.summary(of: summary.name),
      other.directory != directory ?? summary.directory
    {
      throw IndexerError(
        .busy, "another program has just created an index '\(summary.name)'", at: path,
        advice: "repeat the command to add to it")
    }
    let key = Array(summary.name.utf8)
    let value = summary.encoded()
    while true {
      do throws(LMDBError) {
        var transaction = try environment.beginWrite()
        try transaction.put(key.span, value.span, in: indexes)
        try transaction.commit()
        return
      } catch  where error.code == .mapFull {
        try grow()
      } catch {
        throw IndexerError(error)
      }
    }
  }

  /// Removes the name of an index, if it still has that directory.
  func remove(_ summary: IndexSummary) throws(IndexerError) {
    let key = Array(summary.name.utf8)
    do throws(LMDBError) {
      var transaction = try environment.beginWrite()
      _ = try transaction.delete(key.span, in: indexes)
      try transaction.commit()
    } catch {
      throw IndexerError(error)
    }
  }

  private func grow() throws(IndexerError) {
    do throws(LMDBError) {
      try environment.setMapByteCount(environment.information.mapByteCount * 2)
    } catch {
      throw IndexerError(error)
    }
  }

  private func decode(
    _ name: String, _ bytes: Span<UInt8>
  ) throws(IndexerError) -> IndexSummary {
    do throws(DecodingFault) {
      return try IndexSummary(name: name, bytes)
    } catch {
      throw .corrupted(error, at: "\(path), index '\(name)'")
    }
  }
}

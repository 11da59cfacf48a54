package import LMDB
package import SystemSupport

// Reading, with failures in terms of this module: most functions that read also decode, and throw
// one kind of error.

extension Environment {
  package func beginReading() throws(IndexerError) -> ReadTransaction {
    do throws(LMDBError) {
      return try beginRead()
    } catch {
      throw IndexerError(error)
    }
  }
}

extension Transaction where Self: ~Copyable {
  /// The value of `key`, or `nil`.
  @_lifetime(borrow self)
  package borrowing func find(
    _ key: Span<UInt8>, in database: Database
  ) throws(IndexerError) -> Span<UInt8>? {
    do throws(LMDBError) {
      return try get(key, in: database)
    } catch {
      throw IndexerError(error)
    }
  }

  /// A cursor over `database`.
  @_lifetime(borrow self)
  package borrowing func entries(of database: Database) throws(IndexerError) -> Cursor {
    do throws(LMDBError) {
      return try cursor(over: database)
    } catch {
      throw IndexerError(error)
    }
  }
}

extension Cursor {
  /// The value of the current entry.
  ///
  /// - Parameter location: Where it is, for the failure if it is damaged.
  @_lifetime(copy self)
  package func value(
    at location: @autoclosure () -> IndexerError.Location
  ) throws(IndexerError) -> Span<UInt8> {
    do throws(LMDBError) {
      return try value
    } catch {
      guard error.code == .corrupted else { throw IndexerError(error) }
      throw IndexerError(.damage(.changedValue), at: location())
    }
  }

  /// Moves to the next entry.
  @_lifetime(self: copy self)
  package mutating func advance() throws(IndexerError) -> Bool {
    do throws(LMDBError) {
      return try next()
    } catch {
      throw IndexerError(error)
    }
  }

  /// Moves to the first entry at or after `key`.
  @_lifetime(self: copy self)
  package mutating func advance(toOrAfter key: Span<UInt8>) throws(IndexerError) -> Bool {
    do throws(LMDBError) {
      return try seek(atOrAfter: key)
    } catch {
      throw IndexerError(error)
    }
  }

  /// Moves to the last entry at or before `key`.
  @_lifetime(self: copy self)
  package mutating func advance(toOrBefore key: Span<UInt8>) throws(IndexerError) -> Bool {
    do throws(LMDBError) {
      return try seek(atOrBefore: key)
    } catch {
      throw IndexerError(error)
    }
  }
}

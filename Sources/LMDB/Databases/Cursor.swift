import CLMDB
@_spi(Internals) import SystemSupport

/// A place in a database, for going through its entries in the order of their keys.
///
/// It stands on an entry after a move that returned `true`. The bytes of ``key`` and ``value`` are
/// valid as long as the transaction is borrowed, also after the cursor has moved on.
@safe
public struct Cursor: ~Copyable, ~Escapable {
  private let handle: OpaquePointer
  private let path: String
  private let pageByteCount: Int
  /// The values that need not be checked again.
  private let checked: CheckedValues?
  private var currentKey: UnsafeRawBufferPointer
  private var currentValue: UnsafeRawBufferPointer

  @unsafe
  @_lifetime(immortal)
  init(handle: OpaquePointer, environment: Environment, checked: CheckedValues?) {
    // SAFETY: the caller attaches the lifetime of the transaction that the handle belongs to.
    unsafe self.handle = handle
    path = environment.path
    pageByteCount = environment.pageByteCount
    self.checked = checked
    unsafe currentKey = UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe currentValue = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  deinit {
    // SAFETY: a cursor depends on its transaction, which is still alive.
    unsafe Calls.close(cursor: handle)
  }
}

extension Cursor {
  /// The key of the current entry; empty if there is none.
  public var key: Span<UInt8> {
    @_lifetime(copy self)
    get {
      // SAFETY: LMDB keeps the bytes in place until the transaction, which the cursor borrows,
      // writes or ends.
      let span = unsafe Span(mapped: currentKey)
      return unsafe _overrideLifetime(span, copying: self)
    }
  }

  /// The value of the current entry; empty if there is none.
  ///
  /// - Throws: ``LMDBError`` with `corrupted` if it is not what was written.
  /// - Complexity: O(*n*) for *n* bytes the first time in a snapshot, which checks them.
  public var value: Span<UInt8> {
    @_lifetime(copy self)
    get throws(LMDBError) {
      guard unsafe currentKey.count > 0 else { return Span() }
      // SAFETY: as above.
      let value = unsafe try checked.value(currentValue, under: currentKey, path: path)
      let span = unsafe Span(mapped: value)
      return unsafe _overrideLifetime(span, copying: self)
    }
  }

  /// Moves to the first entry. Returns `false` if there is none.
  @_lifetime(self: copy self)
  public mutating func first() throws(LMDBError) -> Bool { try move(MDB_FIRST) }

  /// Moves to the last entry. Returns `false` if there is none.
  @_lifetime(self: copy self)
  public mutating func last() throws(LMDBError) -> Bool { try move(MDB_LAST) }

  /// Moves to the next entry, or to the first one if the cursor has not been moved. Returns `false`
  /// at the end.
  @_lifetime(self: copy self)
  public mutating func next() throws(LMDBError) -> Bool { try move(MDB_NEXT) }

  /// Moves to the entry before, or to the last one if the cursor has not been moved. Returns
  /// `false` at the start.
  @_lifetime(self: copy self)
  public mutating func previous() throws(LMDBError) -> Bool { try move(MDB_PREV) }

  /// Moves to the entry with `key` or the first one after it. Returns `false` if there is none.
  @_lifetime(self: copy self)
  public mutating func seek(atOrAfter key: Span<UInt8>) throws(LMDBError) -> Bool {
    guard !key.isEmpty else { return try first() }
    // SAFETY: LMDB reads the key during the call only; what it returns points into the map.
    return unsafe try key.withUnsafeBytes { (bytes) throws(LMDBError) in
      return unsafe try move(MDB_SET_RANGE, to: bytes)
    }
  }

  /// Moves to the last entry whose key is `key` or comes before it. Returns `false` if there is
  /// none.
  @_lifetime(self: copy self)
  public mutating func seek(atOrBefore key: Span<UInt8>) throws(LMDBError) -> Bool {
    guard try seek(atOrAfter: key) else { return try last() }
    return key.compare(self.key) < 0 ? try previous() : true
  }

  /// Moves to the entry with `key`. Returns `false` if there is none.
  @_lifetime(self: copy self)
  mutating func seek(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
    // SAFETY: LMDB reads the key during the call only; what it returns points into the map.
    return unsafe try move(MDB_SET_KEY, to: key)
  }

  /// Deletes the current entry. The cursor then stands on none until it is moved.
  ///
  /// - Returns: What it added to the digest of its table.
  @_lifetime(self: copy self)
  mutating func deleteCurrent() throws(LMDBError) -> UInt64 {
    try checkStored()
    let checksum = unsafe Checksum.ofEntry(currentKey, currentValue)
    // SAFETY: only write transactions hand out cursors to the code that calls this.
    unsafe try Calls.delete(cursor: handle, path: path)
    unsafe currentKey = UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe currentValue = UnsafeRawBufferPointer(start: nil, count: 0)
    return checksum
  }

  /// Checks the header of the pages that LMDB is about to free: it takes their number from there.
  private func checkStored() throws(LMDBError) {
    guard let keyStart = unsafe currentKey.baseAddress,
      let valueStart = unsafe currentValue.baseAddress,
      unsafe Checksum.isElsewhere(currentValue, currentKey)
    else { return }
    // The number of the first page lies where the key ends.
    let keyEnd = unsafe keyStart + currentKey.count
    // SAFETY: the file was checked when it was opened, so the node lies in its page, and the value
    // behind the header of one.
    let number = unsafe keyEnd.loadUnaligned(as: UInt64.self)
    let header = unsafe UnsafeRawBufferPointer(
      start: valueStart - Page.headerByteCount, count: Page.headerByteCount)
    var page = Page(byteCount: 0)
    unsafe page.bytes = Array(header)
    let count = unsafe FileCheck.overflowPageCount(
      currentValue.count, pageByteCount: pageByteCount)
    guard page.pageNumber == number, page.isOverflow, page.overflowPageCount == count else {
      throw FileCheck.damage(
        path, PageFault(page: number, problem: "it is not the value that it should be"))
    }
  }

  @_lifetime(self: copy self)
  private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
    // SAFETY: no key is needed.
    unsafe try move(operation, to: UnsafeRawBufferPointer(start: nil, count: 0))
  }

  @unsafe
  @_lifetime(self: copy self)
  private mutating func move(
    _ operation: MDB_cursor_op, to target: UnsafeRawBufferPointer
  ) throws(LMDBError) -> Bool {
    // On no entry, unless one is found: also if there is an error.
    unsafe currentKey = UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe currentValue = UnsafeRawBufferPointer(start: nil, count: 0)
    // SAFETY: the transaction is alive; the results point into the map.
    var key = unsafe target
    var value = unsafe currentValue
    guard unsafe try Calls.move(handle, operation, key: &key, value: &value, path: path) else {
      return false
    }
    unsafe (currentKey, currentValue) = (key, value)
    return true
  }
}

import CXXHash

/// XXH3, which tells whether bytes are still what they were. It does not tell who changed them.
enum Checksum {
  /// The bytes that a stored value has in addition to what was written: its checksum.
  static let byteCount = 8

  /// The checksum of a value that is stored under `key`.
  @unsafe
  static func of(_ value: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer) -> UInt64 {
    // SAFETY: the buffers are valid for the calls.
    unsafe XXH3_64bits_withSeed(
      value.baseAddress, value.count, XXH3_64bits(key.baseAddress, key.count))
  }

  /// What an entry adds to the digest of its table: of one that has its value with it, the value's
  /// checksum, which is of the key, too; of one that has it in other pages, the checksum of the
  /// key.
  ///
  /// - Parameters:
  ///   - key: The key, where it lies in the map.
  ///   - stored: The value and its checksum, where they lie.
  @unsafe
  static func ofEntry(
    _ key: UnsafeRawBufferPointer, _ stored: UnsafeRawBufferPointer
  ) -> UInt64 {
    // SAFETY: a stored value has a checksum.
    unsafe isElsewhere(stored, key) ? of(key) : self.stored(in: stored)
  }

  /// Whether a value has pages of its own: else it begins where its key ends.
  @unsafe
  static func isElsewhere(
    _ stored: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
  ) -> Bool {
    unsafe stored.baseAddress != key.baseAddress.map { unsafe $0 + key.count }
  }

  /// The checksum of a key.
  @unsafe
  static func of(_ key: UnsafeRawBufferPointer) -> UInt64 {
    // SAFETY: as above.
    unsafe XXH3_64bits(key.baseAddress, key.count)
  }

  /// What was written of a stored value, or `nil` if its checksum does not match.
  @unsafe
  static func check(
    _ stored: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let count = stored.count - byteCount
    guard count >= 0 else { return nil }
    // SAFETY: both parts lie in `stored`.
    let value = unsafe UnsafeRawBufferPointer(rebasing: stored[..<count])
    return unsafe of(value, under: key) == self.stored(in: stored) ? value : nil
  }

  /// The checksum at the end of a stored value.
  ///
  /// - Precondition: The value has one.
  @unsafe
  static func stored(in stored: UnsafeRawBufferPointer) -> UInt64 {
    // SAFETY: the load is checked against the bounds.
    unsafe UInt64(
      littleEndian: stored.loadUnaligned(
        fromByteOffset: stored.count - byteCount, as: UInt64.self))
  }

  /// Fills memory that is to be stored with a value and its checksum, and returns the checksum.
  @unsafe
  static func store(
    _ value: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer,
    into memory: UnsafeMutableRawBufferPointer
  ) -> UInt64 {
    // SAFETY: the caller provides room for both.
    let checksum = unsafe of(value, under: key)
    unsafe memory.copyMemory(from: value)
    unsafe memory.storeBytes(
      of: checksum.littleEndian, toByteOffset: value.count, as: UInt64.self)
    return checksum
  }
}

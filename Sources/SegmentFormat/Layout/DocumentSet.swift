import CRoaring

/// A set of document numbers of one segment, as a roaring bitmap.
@safe
public struct DocumentSet: ~Copyable {
  // SAFETY: for every use below, the bitmap is this value's own, from `init` to `deinit`.
  private let bitmap: UnsafeMutablePointer<roaring_bitmap_t>

  /// Creates an empty set.
  init() {
    guard let bitmap = unsafe roaring_bitmap_create() else {
      fatalError("DocumentSet out of memory")
    }
    unsafe self.bitmap = bitmap
  }

  /// Reads a set in roaring's portable format, or returns `nil` if the bytes are not one.
  init?(portable bytes: Span<UInt8>) {
    // SAFETY: the safe variant reads no more than the given number of bytes, and copies.
    let bitmap: UnsafeMutablePointer<roaring_bitmap_t>? = unsafe bytes.withUnsafeBytes { buffer in
      unsafe roaring_bitmap_portable_deserialize_safe(
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
    }
    guard let bitmap = unsafe bitmap else { return nil }
    unsafe self.bitmap = bitmap
  }

  deinit {
    // SAFETY: this value owns the bitmap.
    unsafe roaring_bitmap_free(bitmap)
  }

  /// The number of documents in the set.
  public var count: Int { unsafe Int(roaring_bitmap_get_cardinality(bitmap)) }

  /// Whether the set is empty.
  public var isEmpty: Bool { unsafe roaring_bitmap_is_empty(bitmap) }

  /// The largest document in the set; zero if it is empty.
  public var maximum: UInt32 { unsafe roaring_bitmap_maximum(bitmap) }

  /// Whether `document` is in the set.
  public func contains(_ document: UInt32) -> Bool {
    unsafe roaring_bitmap_contains(bitmap, document)
  }

  /// Adds `document` and returns whether it is new.
  public mutating func insert(_ document: UInt32) -> Bool {
    unsafe roaring_bitmap_add_checked(bitmap, document)
  }

  /// The documents in increasing order.
  public func elements() -> [UInt32] {
    let count = self.count
    // The array that all empty ones share would be written to, which ThreadSanitizer reports.
    guard count > 0 else { return [] }
    return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      // SAFETY: the buffer has room for every element of the set.
      if let start = buffer.baseAddress { unsafe roaring_bitmap_to_uint32_array(bitmap, start) }
      initializedCount = count
    }
  }

  /// Appends the set in roaring's portable format.
  func appendPortable(to bytes: inout [UInt8]) {
    let byteCount = unsafe roaring_bitmap_portable_size_in_bytes(bitmap)
    let encoded = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) {
      buffer, initializedCount in
      // SAFETY: the buffer has room for the size that roaring asked for.
      if let start = buffer.baseAddress {
        initializedCount = unsafe roaring_bitmap_portable_serialize(
          bitmap, UnsafeMutableRawPointer(start).assumingMemoryBound(to: CChar.self))
      }
    }
    bytes.append(contentsOf: encoded)
  }
}

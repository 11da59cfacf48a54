public import ArenaCollections
public import BumpArena
import CLZ4
@_spi(Internals) import SystemSupport

/// A block of stored documents: their ids and bytes, compressed together with LZ4.
///
/// ```
///  value:    count │ content byte count │ LZ4 block
///            count │ 0 │ content                           if the LZ4 block is not smaller
///  content:  for each document: id byte count │ document byte count │ id │ document
/// ```
public struct DocumentBlock {
  /// Where a document lies in the content.
  private struct Place {
    var idOffset: Int
    var byteOffset: Int
    var end: Int
  }

  private let content: [UInt8]
  private let places: [Place]

  /// Decompresses a stored block and finds its documents.
  public init(_ value: Span<UInt8>) throws(DecodingFault) {
    var header = ByteReader(value)
    let count = try header.readVarint32()
    let content = try Self.decompress(header.readRest())
    var places: [Place] = []
    var reader = ByteReader(content.span)
    for _ in 0..<count {
      let idByteCount = try reader.readCount()
      let byteCount = try reader.readCount()
      let idOffset = reader.byteOffset
      _ = try reader.readBytes(idByteCount)
      _ = try reader.readBytes(byteCount)
      places.append(
        Place(idOffset: idOffset, byteOffset: idOffset + idByteCount, end: reader.byteOffset))
    }
    guard reader.isAtEnd else {
      throw DecodingFault(problem: "bytes after the last document", byteOffset: reader.byteOffset)
    }
    self.content = content
    self.places = places
  }

  /// The number of documents.
  public var count: Int { places.count }

  /// The number of documents in a stored block, which stays compressed.
  public static func count(of value: Span<UInt8>) throws(DecodingFault) -> Int {
    var header = ByteReader(value)
    return Int(try header.readVarint32())
  }

  /// The external id of a document.
  public func id(_ index: Int) -> ArraySlice<UInt8> {
    content[places[index].idOffset..<places[index].byteOffset]
  }

  /// The bytes of a document.
  public func bytes(_ index: Int) -> ArraySlice<UInt8> {
    content[places[index].byteOffset..<places[index].end]
  }

  /// LZ4 never makes a byte into more than this many.
  private static let maximumExpansion = 255

  private static func decompress(_ value: Span<UInt8>) throws(DecodingFault) -> [UInt8] {
    var reader = ByteReader(value)
    let byteCount = try reader.readVarint()
    let rest = reader.readRest()
    var content: [UInt8] = []
    guard byteCount > 0 else {
      content.append(copying: rest)
      return content
    }
    guard byteCount <= UInt64(rest.count) * UInt64(maximumExpansion), byteCount <= Int32.max,
      rest.count <= Int32.max
    else { throw DecodingFault(problem: "impossible size of documents", byteOffset: 0) }
    let count = Int(byteCount)
    var isWhole = false
    content = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      unsafe rest.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = buffer.baseAddress else {
          return
        }
        // SAFETY: LZ4 reads and writes no more than the given numbers of bytes, whatever the input.
        let written = unsafe LZ4_decompress_safe(
          from.assumingMemoryBound(to: CChar.self),
          UnsafeMutableRawPointer(to).assumingMemoryBound(to: CChar.self), Int32(source.count),
          Int32(count))
        isWhole = written == Int32(count)
        initializedCount = max(0, Int(written))
      }
    }
    guard isWhole else {
      throw DecodingFault(problem: "documents that cannot be decompressed", byteOffset: 0)
    }
    return content
  }
}

/// Compresses documents into blocks.
@safe
public struct DocumentBlockBuilder: ~Copyable, ~Escapable {
  private var content: ArenaArray<UInt8>
  /// The number of documents in the block.
  public private(set) var count = 0
  // SAFETY: for every use below, the state lies in the arena that this value borrows, and is as
  // large as LZ4 asks for.
  private let state: UnsafeMutableRawPointer

  /// Creates a builder without documents, whose working space is in `arena`.
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    content = ArenaArray(in: arena, minimumCapacity: SegmentLimits.documentBlockByteCount)
    var bytes = arena.allocate(zeroedByteCount: Int(LZ4_sizeofState()), alignment: 8)
    var workingSpace = bytes.mutableSpan
    unsafe state = workingSpace.withUnsafeMutableBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
  }

  /// Whether the block is full enough to be copied as it is when segments are merged.
  public static func isLarge(_ value: Span<UInt8>) -> Bool {
    value.count >= SegmentLimits.documentBlockByteCount / 8
  }

  /// Whether another document may be added: an empty block takes any.
  public func hasRoom(forByteCount byteCount: Int) -> Bool {
    count == 0 || content.count + byteCount + 10 <= SegmentLimits.documentBlockByteCount
  }

  /// Adds a document.
  @_lifetime(self: copy self)
  public mutating func append(id: Span<UInt8>, bytes: Span<UInt8>) {
    content.appendVarint(id.count)
    content.appendVarint(bytes.count)
    content.append(copying: id)
    content.append(copying: bytes)
    count += 1
  }

  /// Appends the block to `result` and starts the next one.
  @_lifetime(self: copy self)
  @_lifetime(result: copy result)
  public mutating func finish(into result: inout ArenaArray<UInt8>) {
    result.appendVarint(count)
    let start = result.count
    result.appendVarint(content.count)
    let headerEnd = result.count
    if content.count > Int(LZ4_MAX_INPUT_SIZE) || !compress(into: &result)
      || result.count - headerEnd >= content.count
    {
      result.removeLast(result.count - start)
      result.appendVarint(0)
      result.append(copying: content)
    }
    content.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Appends the compressed content. Returns `false` if LZ4 cannot.
  @_lifetime(self: copy self)
  @_lifetime(result: copy result)
  private mutating func compress(into result: inout ArenaArray<UInt8>) -> Bool {
    let bound = Int(LZ4_compressBound(Int32(content.count)))
    var isCompressed = false
    result.append(addingCount: bound) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
        unsafe content.span.withUnsafeBytes { source in
          guard let from = source.baseAddress, let to = buffer.baseAddress else {
            return
          }
          // SAFETY: there is room for as many bytes as LZ4 may make of the content.
          let written = unsafe LZ4_compress_fast_extState(
            state, from.assumingMemoryBound(to: CChar.self),
            UnsafeMutableRawPointer(to).assumingMemoryBound(to: CChar.self),
            Int32(source.count), Int32(buffer.count), 1)
          initializedCount += Int(written)
          isCompressed = written > 0
        }
      }
    }
    return isCompressed
  }
}

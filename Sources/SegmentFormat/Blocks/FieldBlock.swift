import ArenaCollections
@_spi(Internals) import SystemSupport

/// Collects the names of fields, in byte order, into blocks: `byte count │ name │ …`.
public struct FieldBlockBuilder {
  private var names: [UInt8] = []
  private var firstField: UInt16 = 0
  private var nextField: UInt16 = 0

  /// Creates a builder without names.
  public init() {}

  /// Adds the next field.
  @_lifetime(buffer: copy buffer)
  public mutating func append(_ name: Span<UInt8>, into buffer: inout BlockBuffer) {
    if !names.isEmpty, names.count + 5 + name.count > SegmentLimits.blockByteCount {
      finish(into: &buffer)
    }
    names.appendVarint(name.count)
    names.append(copying: name)
    nextField &+= 1
  }

  /// Writes the last block.
  @_lifetime(buffer: copy buffer)
  public mutating func finish(into buffer: inout BlockBuffer) {
    guard !names.isEmpty else { return }
    let keyOffset = buffer.bytes.count
    buffer.bytes.appendBigEndian(firstField)
    buffer.begin(.fields, keyOffset: keyOffset)
    buffer.bytes.append(copying: names.span)
    buffer.end()
    names.removeAll(keepingCapacity: true)
    firstField = nextField
  }
}

@_spi(Internals) import SystemSupport

/// A block in the map: what follows the part in its key, and its value.
package struct BlockView: ~Escapable {
  package let key: Span<UInt8>
  package let value: Span<UInt8>

  @_lifetime(copy key, copy value)
  init(key: Span<UInt8>, value: Span<UInt8>) {
    self.key = key
    self.value = value
  }

  /// Both, out of the map.
  package func copy() -> (key: [UInt8], value: [UInt8]) {
    var copy: (key: [UInt8], value: [UInt8]) = ([], [])
    copy.key.append(copying: key)
    copy.value.append(copying: value)
    return copy
  }
}

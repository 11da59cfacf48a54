/// Keeps account of the address space that the maps of environments take: it is asked before a map
/// is made or grown, and told when one is gone.
///
/// An account may wait, or make room by closing environments that nobody uses. It is called without
/// any lock held.
public protocol MapAccount: AnyObject, Sendable {
  /// Admits an environment that is about to be opened.
  ///
  /// - Parameters:
  ///   - mapByteCount: The size of its map in bytes.
  ///   - path: Its directory.
  ///   - waits: Whether to wait for room, or to refuse at once if there is none.
  /// - Throws: ``LMDBError`` with `outOfMemory` if there is no room for it.
  func admit(mapByteCount: Int, path: String, waits: Bool) throws(LMDBError)

  /// Admits the growth of a map.
  ///
  /// - Parameters:
  ///   - byteCount: The bytes to be added.
  ///   - path: The directory of the environment.
  ///   - waits: Whether to wait for room, or to refuse at once if there is none.
  /// - Throws: ``LMDBError`` with `outOfMemory` if there is no room for it.
  func charge(_ byteCount: Int, path: String, waits: Bool) throws(LMDBError)

  /// Takes note that a map is smaller than was charged.
  func refund(_ byteCount: Int)

  /// Takes note that an environment is closed and its map is gone.
  ///
  /// - Parameter mapByteCount: The bytes charged for it.
  func release(mapByteCount: Int)
}

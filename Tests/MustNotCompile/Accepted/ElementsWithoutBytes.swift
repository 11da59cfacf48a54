// flags: -O
// Swift 6.3.1 ended with "Found ownership error" when it optimized moves of noncopyable elements
// without bytes.
import ArenaCollections
import BumpArena

/// An element without bytes.
public struct Silent: ~Copyable, ArenaDroppable {
  /// Creates one.
  public init() {}
  deinit { print("gone") }
}

/// Takes one from an array.
public func pop(_ array: inout ArenaArray<Silent>) -> Bool {
  let element = array.popLast()
  return element != nil
}

/// Exchanges one in a table.
public func update(_ table: inout ArenaDictionary<Int, Silent>) -> Bool {
  let old = table.updateValue(Silent(), forKey: 1)
  return old != nil
}

/// Removes two from an array.
public func remove(_ array: inout ArenaArray<Silent>) {
  _ = array.remove(at: 0)
  _ = array.swapRemove(at: 0)
}

/// Freezes an array of elements without bytes, which crashed in Mem2Reg.
public func freeze(_ arena: borrowing BumpArena) -> Int {
  var array = ArenaArray<Void>(in: arena)
  array.append(())
  return array.intoArenaSlice().count
}

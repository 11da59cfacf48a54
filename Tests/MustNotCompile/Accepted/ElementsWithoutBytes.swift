// flags: -O
// Swift 6.3.1 ended with "Found ownership error" when it optimized moves of noncopyable elements without bytes.
import ArenaCollections
import BumpArena

public struct Silent: ~Copyable, ArenaDroppable {
  public init() {}
  deinit { print("gone") }
}

public func pop(_ array: inout ArenaArray<Silent>) -> Bool {
  let element = array.popLast()
  return element != nil
}

public func update(_ table: inout ArenaDictionary<Int, Silent>) -> Bool {
  let old = table.updateValue(Silent(), forKey: 1)
  return old != nil
}

public func remove(_ array: inout ArenaArray<Silent>) {
  _ = array.remove(at: 0)
  _ = array.swapRemove(at: 0)
}

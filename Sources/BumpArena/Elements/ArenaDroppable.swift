/// A type that may live in an arena although it owns something, because the arena runs its
/// deinitializer.
///
/// An arena never looks at the elements it holds, so an element that owns heap memory, such as an
/// array, would leak when the arena is reset. Containers therefore accept plain bytes
/// (`BitwiseCopyable`) and types whose author marked them with this protocol:
///
/// ```swift
/// struct Payload: ArenaDroppable { var operations: [Int] }
/// ```
///
/// The elements are then deinitialized exactly once: when the arena is reset or destroyed if the
/// container was frozen with `intoArenaSlice()`, else when the container goes away.
/// Freezing costs one record of 40 bytes in the arena, whatever the number of elements.
///
/// Types of the standard library are deliberately not marked: that would let the leak compile
/// again. Wrap a value of a foreign type in ``ArenaOwned`` to let it in visibly.
public protocol ArenaDroppable: ~Copyable {
  /// Deinitializes `count` elements that start at `storage`. Do not implement it: the default is
  /// right.
  @unsafe static func _deinitializeElements(at storage: UnsafeMutableRawPointer, count: Int)
}

extension ArenaDroppable where Self: ~Copyable {
  /// Runs the deinitializers of `count` elements.
  @unsafe
  public static func _deinitializeElements(at storage: UnsafeMutableRawPointer, count: Int) {
    // SAFETY: the caller passes storage that holds `count` initialized values of this type.
    unsafe storage.assumingMemoryBound(to: Self.self).deinitialize(count: count)
  }
}

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
/// The elements then belong to the arena, which deinitializes each of them once: when it takes back the
/// memory that they lie in, because it is reset, rewound or destroyed, or the scope ends. The end of a
/// container's life does nothing. What is to be deinitialized earlier is removed from its container, or
/// destroyed with it: `removeAll()`, `destroy()`, ``BumpArena/withScope(_:)``. That costs one record of 40
/// bytes in the arena for each storage, whatever the number of elements.
///
/// A type of plain bytes may be marked, too; it is then treated as what it is.
///
/// Types of the standard library are deliberately not marked: that would let the leak compile
/// again. Wrap a value of a foreign type in ``ArenaOwned`` to let it in visibly.
public protocol ArenaDroppable: ~Copyable {}

/// A type whose values may live in an arena although they own something, because the arena runs
/// their deinitializers.
///
/// An arena never looks at its elements, so an element that owns heap memory, such as an array,
/// would leak when the arena is reset. Containers therefore accept plain bytes (`BitwiseCopyable`)
/// and types whose author marked them with this protocol:
///
/// ```swift
/// struct Payload: ArenaDroppable { var operations: [Int] }
/// ```
///
/// The elements then belong to the arena, which deinitializes each of them once: when it reclaims
/// their memory, because it is reset, rewound or destroyed, or because the scope ends. The end of a
/// container's life does nothing. To deinitialize elements earlier, remove them from their
/// container, destroy it, or use a scope: `removeAll()`, `destroy()`, ``BumpArena/withScope(_:)``.
/// Each storage takes a record of 40 bytes in the arena, whatever the number of elements.
///
/// A type of plain bytes may be marked, too. It is then treated as plain bytes.
///
/// Types of the standard library are deliberately not marked: that would let the leak compile
/// again. Wrap a value of such a type in ``ArenaOwned`` to let it in visibly.
public protocol ArenaDroppable: ~Copyable {}

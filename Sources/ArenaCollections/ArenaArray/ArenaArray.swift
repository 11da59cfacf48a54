public import BumpArena

/// A growable array whose elements live in an arena. `intoArenaSlice()` freezes it.
///
/// ```swift
/// let arena = BumpArena()
/// var primes = ArenaArray<Int>(in: arena)
/// primes.append(2)
/// primes.append(3)
/// let frozen = primes.intoArenaSlice()
/// ```
///
/// **Elements** are plain bytes (`BitwiseCopyable`) or marked `ArenaDroppable`. Anything else,
/// such as `ArenaArray<String>`, does not compile, because the arena would never run its
/// deinitializer.
///
/// **Validity.** The array borrows its arena: the arena cannot be reset, moved or destroyed as long
/// as the array is used. Freezing consumes the array.
///
/// **Growth** doubles the capacity. It happens in place while the array is the last allocation of
/// its chunk. Otherwise the elements move, and the old storage stays unused until the arena is
/// reset, so two arrays that grow in turns in one arena waste up to as much memory as they use.
/// Reserve the capacity, or use an arena for each, where that matters.
///
/// **Deinitialization.** Droppable elements belong to the arena from the first one on. The end of
/// the array's life does nothing. Elements are deinitialized when they are removed, by
/// ``destroy()``, or when the arena reclaims their memory.
@frozen @safe
public struct ArenaArray<Element: ~Copyable>: ~Copyable, ~Escapable {
  /// The first element, or a dangling aligned address while nothing has been allocated.
  @usableFromInline
  var storage: UnsafeMutablePointer<Element>

  @usableFromInline
  var elementCount: Int

  /// The number of elements that the storage has room for; never less than `elementCount`.
  @usableFromInline
  var elementCapacity: Int

  @usableFromInline
  let core: ArenaCore

  /// In a debug build, when the array may be used.
  @usableFromInline
  let generation: ArenaGeneration

  /// Whether storage has a record in front.
  ///
  /// The initializer decides it once. `_isPOD` only spares specialized code of plain bytes the
  /// consequences: for some types (`Atomic`), specialized and unspecialized code disagree about it,
  /// so it must never decide the layout of memory.
  @usableFromInline
  let hasRecord: Bool

  /// Makes an empty array. Which elements are allowed is decided by the public initializers.
  @inlinable @inline(__always)
  @_lifetime(borrow arena)
  init(unchecked arena: borrowing BumpArena, hasRecord: Bool) {
    // SAFETY: storage without room is never read or written.
    unsafe storage = ArenaCore.emptyStorage()
    elementCount = 0
    elementCapacity = Self.emptyCapacity(hasRecord: hasRecord)
    unsafe core = arena.core
    self.hasRecord = hasRecord
    generation = unsafe core.generation
  }

  /// Makes an empty array in the arena of another one. The caller attaches the lifetime.
  @unsafe @inlinable @inline(__always)
  @_lifetime(immortal)
  init(core: ArenaCore, generation: ArenaGeneration, hasRecord: Bool) {
    // SAFETY: as above.
    unsafe storage = ArenaCore.emptyStorage()
    elementCount = 0
    elementCapacity = Self.emptyCapacity(hasRecord: hasRecord)
    unsafe self.core = core
    self.hasRecord = hasRecord
    self.generation = generation
  }

  /// The capacity of an array without storage: elements without bytes need none, except that
  /// droppable ones need a record.
  @inlinable @inline(__always)
  static func emptyCapacity(hasRecord: Bool) -> Int {
    MemoryLayout<Element>.size == 0 && !hasRecord ? .max : 0
  }

  /// Whether there may be something to deinitialize.
  @inlinable @inline(__always)
  var ownsElements: Bool { !_isPOD(Element.self) && hasRecord }

  /// Sets the count, and that of the record from which the arena deinitializes droppable elements.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  mutating func setCount(_ count: Int) {
    generation.check()
    elementCount = count
    // SAFETY: a count that changes is that of an array with storage.
    if ownsElements { unsafe ArenaCore.noteCount(count, of: storage) }
  }
}

// MARK: - Which elements may live in an arena

extension ArenaArray where Element: BitwiseCopyable {
  /// Creates an empty array of plain bytes in `arena`. Nothing is allocated before the first
  /// element.
  ///
  /// - Complexity: O(1).
  @inlinable @inline(__always)
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    self.init(unchecked: arena, hasRecord: false)
  }

  /// Creates an empty array of plain bytes with room for `minimumCapacity` elements.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int) {
    self.init(unchecked: arena, hasRecord: false)
    reserveCapacity(minimumCapacity)
  }

  /// Creates an empty array of plain bytes with room for `minimumCapacity` elements, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    self.init(unchecked: arena, hasRecord: false)
    try tryReserveCapacity(minimumCapacity)
  }

  /// Creates an array of copies of `elements`.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(*n*).
  @inlinable
  @_lifetime(borrow arena)
  public init(copying elements: Span<Element>, in arena: borrowing BumpArena) {
    self.init(in: arena, minimumCapacity: elements.count)
    append(copying: elements)
  }

  /// Creates an array of copies of `elements`, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Complexity: O(*n*).
  @inlinable
  @_lifetime(borrow arena)
  public init(
    tryingCopying elements: Span<Element>, in arena: borrowing BumpArena
  ) throws(ArenaError) {
    try self.init(tryingIn: arena, minimumCapacity: elements.count)
    append(copying: elements)
  }
}

extension ArenaArray where Element: ArenaDroppable & ~Copyable {
  /// Creates an empty array of droppable elements in `arena`. Nothing is allocated before the first
  /// element.
  ///
  /// - Complexity: O(1).
  @_disfavoredOverload
  @inlinable @inline(__always)
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    self.init(unchecked: arena, hasRecord: true)
  }

  /// Creates an empty array of droppable elements with room for `minimumCapacity` elements.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int) {
    self.init(unchecked: arena, hasRecord: true)
    reserveCapacity(minimumCapacity)
  }

  /// Creates an empty array of droppable elements with room for `minimumCapacity` elements, or
  /// throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    self.init(unchecked: arena, hasRecord: true)
    try tryReserveCapacity(minimumCapacity)
  }
}

// The compiler chooses these less constrained overloads for every other element; they explain why
// it does not compile.
extension ArenaArray where Element: ~Copyable {
  /// Rejects elements that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    fatalError("ArenaArray: element is not allowed in an arena")
  }

  /// Rejects elements that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int) {
    fatalError("ArenaArray: element is not allowed in an arena")
  }

  /// Rejects elements that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this element's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the element type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    fatalError("ArenaArray: element is not allowed in an arena")
  }
}

// MARK: - Facts

extension ArenaArray where Element: ~Copyable {
  /// The number of elements.
  @inlinable @inline(__always)
  public var count: Int { elementCount }

  /// Whether there are no elements.
  @inlinable @inline(__always)
  public var isEmpty: Bool { elementCount == 0 }

  /// The number of elements that the array can hold without growing.
  @inlinable @inline(__always)
  public var capacity: Int { elementCapacity }

  /// The number of elements that can be added without growing.
  @inlinable @inline(__always)
  public var freeCapacity: Int { elementCapacity &- elementCount }

  /// Whether the array has to grow for the next element.
  @inlinable @inline(__always)
  public var isFull: Bool { elementCount == elementCapacity }

  /// The valid positions, `0 ..< count`.
  @inlinable
  public var indices: Range<Int> { 0..<elementCount }
}

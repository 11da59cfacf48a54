public import BumpArena

/// A reference to frozen elements that may be stored anywhere: in an array, in a class, in the arena
/// itself. 16 bytes, plain.
///
/// A slice cannot outlive a borrow of its arena; a handle can, because it is checked when it is used:
///
/// ```swift
/// let handle = ArenaArray<Int>(in: arena).intoArenaHandle()
/// let stored = [handle]
/// // … later, in another function, or on the thread that has the arena now:
/// let numbers = arena[stored[0]]
/// print(numbers.count)
/// ```
///
/// Using a handle with another arena than its own, or after that was reset, traps with a message; it
/// never reads wrong memory. It is marked with a number that no other arena and no other generation of the
/// same arena has:
///
/// ```
///  word 1 │ address of the first element: 48 bits │ mark: low 16 bits  │
///  word 2 │ number of elements: 32 bits           │ mark: high 32 bits │
/// ```
public struct ArenaHandle<Element: ~Copyable>: BitwiseCopyable, Hashable, Sendable {
  /// The bits that hold the number of elements.
  private static var countBitCount: UInt64 { 32 }

  private let firstWord: UInt64
  private let secondWord: UInt64

  /// Marks `count` elements at `start` as those of the arena that `core` belongs to.
  init(_ start: UInt, count: Int, in core: ArenaCore) {
    // Kernels give no addresses above this unless they are asked to.
    precondition(start < 1 << 48, "ArenaHandle address is above 2⁴⁸")
    precondition(count < 1 << Self.countBitCount, "ArenaHandle has 2³² elements or more")
    let stamp = unsafe core.drawStamp()
    firstWord = UInt64(start) << 16 | stamp & 0xffff
    secondWord = UInt64(count) << Self.countBitCount | stamp >> 16
  }

  var stamp: UInt64 { (secondWord & 0xffff_ffff) << 16 | firstWord & 0xffff }

  var start: UInt { UInt(firstWord >> 16) }

  /// The number of elements.
  public var count: Int { Int(secondWord >> Self.countBitCount) }
}

extension BumpArena {
  /// A handle of elements of this arena.
  ///
  /// - Precondition: The slice lies in this arena, or is empty, and has fewer than 2³² elements. Scopes
  ///   are arenas of their own.
  /// - Complexity: O(*c*) for *c* chunks; `intoArenaHandle()` of an array does not look for them.
  public borrowing func handle<Element: ~Copyable>(
    to slice: ArenaSlice<Element>
  ) -> ArenaHandle<Element> {
    slice.generation.check()
    // SAFETY: only the address is looked at.
    let start = unsafe UInt(bitPattern: slice.start)
    let byteCount = slice.count * MemoryLayout<Element>.stride
    let takesNoMemory = slice.isEmpty || MemoryLayout<Element>.size == 0
    let isInside = unsafe core.contains(start, byteCount: byteCount)
    precondition(takesNoMemory || isInside, "ArenaHandle of a slice that is not in the arena")
    return unsafe ArenaHandle(start, count: slice.count, in: core)
  }

  /// The elements that a handle refers to, valid until the arena is reset.
  ///
  /// - Precondition: The handle was made with this arena, which was not reset or rewound behind it
  ///   since.
  /// - Complexity: O(1) but for checkpoints; see ``isValid(_:)``.
  public subscript<Element: ~Copyable>(handle: ArenaHandle<Element>) -> ArenaSlice<Element> {
    @_lifetime(borrow self)
    get {
      precondition(
        isValid(handle), "ArenaHandle is not valid: its arena is another, or was reset or rewound")
      // SAFETY: the mark says that the elements were frozen in this arena, which has not taken their
      // memory back.
      let start = unsafe UnsafeMutablePointer<Element>(bitPattern: handle.start).unsafelyUnwrapped
      let slice = unsafe ArenaSlice(
        unsafeStart: start, count: handle.count, generation: core.generation)
      return unsafe _overrideLifetime(slice, borrowing: self)
    }
  }

  /// Whether a handle was made with this arena and its elements are still there.
  ///
  /// - Complexity: O(*p*) for *p* checkpoints made since.
  public borrowing func isValid<Element: ~Copyable>(_ handle: ArenaHandle<Element>) -> Bool {
    // SAFETY: the core lives as long as the arena.
    unsafe core.isValid(stamp: handle.stamp)
  }
}

extension ArenaArray where Element: BitwiseCopyable {
  /// Freezes the array and returns a handle, which may be stored, instead of a slice.
  ///
  /// - Precondition: The array has fewer than 2³² elements.
  /// - Complexity: As of `intoArenaSlice()`.
  public consuming func intoArenaHandle() -> ArenaHandle<Element> {
    let core = unsafe core
    let slice = intoArenaSlice()
    return unsafe ArenaHandle(UInt(bitPattern: slice.start), count: slice.count, in: core)
  }
}

extension ArenaArray where Element: ArenaDroppable & ~Copyable {
  /// Freezes the array and returns a handle, which may be stored, instead of a slice. The arena
  /// deinitializes the elements, once.
  ///
  /// - Precondition: The array has fewer than 2³² elements.
  /// - Complexity: As of `intoArenaSlice()`.
  @_disfavoredOverload
  public consuming func intoArenaHandle() -> ArenaHandle<Element> {
    let core = unsafe core
    let slice = intoArenaSlice()
    return unsafe ArenaHandle(UInt(bitPattern: slice.start), count: slice.count, in: core)
  }
}

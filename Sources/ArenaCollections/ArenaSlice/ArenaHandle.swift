public import BumpArena

/// A reference to frozen elements that can be stored anywhere: in an array, in a class, in the
/// arena itself. It takes 16 plain bytes.
///
/// A slice cannot outlive a borrow of its arena. A handle can, because it is checked when it is
/// used:
///
/// ```swift
/// let handle = ArenaArray<Int>(in: arena).intoArenaHandle()
/// let stored = [handle]
/// // … later, in another function, or on the thread that has the arena now:
/// let numbers = arena[stored[0]]
/// print(numbers.count)
/// ```
///
/// Using a handle with another arena than its own, or after that arena was reset, traps with a
/// message. It never reads wrong memory, because it contains a stamp that no other arena and no
/// other generation of the same arena has:
///
/// ```
///  word 1 │ address of the first element: 48 bits │ stamp: low 16 bits  │
///  word 2 │ number of elements: 32 bits           │ stamp: high 32 bits │
/// ```
public struct ArenaHandle<Element: ~Copyable>: BitwiseCopyable, Hashable, Sendable {
  /// The largest number of elements that a handle can refer to: 2³² - 1.
  public static var maximumCount: Int { 1 << HandleLayout.countBitCount - 1 }

  private let firstWord: UInt64
  private let secondWord: UInt64

  /// Makes a handle of `count` elements at `start`, in the arena that `core` belongs to.
  init(_ start: UInt, count: Int, in core: ArenaCore) {
    precondition(
      start >> HandleLayout.addressBitCount == 0, "ArenaHandle: the address is not below 2⁴⁸")
    precondition(
      count <= Self.maximumCount, "ArenaHandle: there are more than maximumCount elements")
    let stamp = unsafe core.drawStamp()
    firstWord = UInt64(start) << HandleLayout.lowStampBitCount | stamp & HandleLayout.lowStampMask
    secondWord =
      UInt64(count) << HandleLayout.highStampBitCount | stamp >> HandleLayout.lowStampBitCount
  }

  var stamp: UInt64 {
    (secondWord & HandleLayout.highStampMask) << HandleLayout.lowStampBitCount
      | firstWord & HandleLayout.lowStampMask
  }

  var start: UInt { UInt(firstWord >> HandleLayout.lowStampBitCount) }

  /// The number of elements.
  public var count: Int { Int(secondWord >> HandleLayout.highStampBitCount) }
}

/// The bits of a handle's two words; see ``ArenaHandle``.
enum HandleLayout {
  /// Kernels hand out no addresses above this unless a program asks for them.
  static let addressBitCount: UInt64 = 48
  static let countBitCount: UInt64 = 32
  /// The bits of the stamp beside the address, and beside the count.
  static let lowStampBitCount = 64 - addressBitCount
  static let highStampBitCount = 64 - countBitCount
  static let lowStampMask: UInt64 = 1 << lowStampBitCount - 1
  static let highStampMask: UInt64 = 1 << highStampBitCount - 1
}

extension BumpArena {
  /// Returns a handle to elements of this arena.
  ///
  /// - Precondition: The slice is empty or lies in this arena, and has at most
  ///   ``ArenaHandle/maximumCount`` elements. A scope is an arena of its own.
  /// - Complexity: O(*c*) for *c* chunks; `intoArenaHandle()` of an array does not look for them.
  public borrowing func handle<Element: ~Copyable>(
    to slice: ArenaSlice<Element>
  ) -> ArenaHandle<Element> {
    slice.generation.check()
    // SAFETY: only the address is used.
    let start = unsafe UInt(bitPattern: slice.start)
    let byteCount = slice.count * MemoryLayout<Element>.stride
    let takesNoMemory = slice.isEmpty || MemoryLayout<Element>.size == 0
    let isInside = unsafe core.contains(start, byteCount: byteCount)
    precondition(takesNoMemory || isInside, "ArenaHandle: the slice is not in the arena")
    return unsafe ArenaHandle(start, count: slice.count, in: core)
  }

  /// The elements that a handle refers to, valid until the arena is reset.
  ///
  /// - Precondition: The handle was made with this arena, which was not reset or rewound past it
  ///   since.
  /// - Complexity: O(1) but for checkpoints; see ``isValid(_:)``.
  public subscript<Element: ~Copyable>(handle: ArenaHandle<Element>) -> ArenaSlice<Element> {
    @_lifetime(borrow self)
    get {
      precondition(
        isValid(handle),
        "ArenaHandle: handle belongs to another arena, or the arena was reset or rewound past it"
      )
      // SAFETY: the stamp says that the elements were frozen in this arena, which has not reclaimed
      // their memory.
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

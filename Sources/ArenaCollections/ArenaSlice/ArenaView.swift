/// A read-only view of the elements of a table or set: two words (in an optimized build), copyable,
/// valid until the table is next changed.
///
/// An ``ArenaSlice`` does not change until the arena is reset, so a handle can refer to it. The
/// table of a view can remove, move and destroy the elements, so there are no handles to views.
@frozen
public struct ArenaView<Element: ~Copyable>: ~Escapable, Copyable, BitwiseCopyable {
  @usableFromInline
  let slice: ArenaSlice<Element>

  /// Makes a view of elements that stay initialized while the owner of the slice is borrowed.
  @inlinable @inline(__always)
  @_lifetime(copy slice)
  init(_ slice: ArenaSlice<Element>) {
    self.slice = slice
  }
}

extension ArenaView where Element: ~Copyable {
  /// The number of elements.
  @inlinable @inline(__always)
  public var count: Int { slice.count }

  /// Whether there are no elements.
  @inlinable @inline(__always)
  public var isEmpty: Bool { slice.isEmpty }

  /// The valid positions, `0 ..< count`.
  @inlinable
  public var indices: Range<Int> { slice.indices }

  /// The elements. Valid as long as the view.
  @inlinable
  public var span: Span<Element> {
    @_lifetime(copy self)
    get { slice.span }
  }

  /// The element at `position`.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(1).
  @inlinable
  public subscript(position: Int) -> Element {
    @_transparent
    unsafeAddress {
      // SAFETY: the slice checks the position.
      unsafe slice.address(of: position)
    }
  }
}

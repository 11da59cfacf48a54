/// The elements of a table or set, for reading: two words (in an optimized build), freely copied, valid
/// until the table is next changed.
///
/// An ``ArenaSlice`` stays as it is until the arena is reset, so a handle may refer to it. A view does not,
/// since its table can remove, move and destroy the elements; so there are no handles of views.
@frozen
public struct ArenaView<Element: ~Copyable>: ~Escapable, Copyable, BitwiseCopyable {
  @usableFromInline
  let slice: ArenaSlice<Element>

  /// Makes a view of elements that are initialized as long as what the slice depends on is borrowed.
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

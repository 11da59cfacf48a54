/// The reason why an initialization in an arena failed. The arena is unchanged.
public enum ArenaInitializationError<Failure: Error>: Error {
  /// The arena could not provide the memory. The initializer was not called.
  case arena(ArenaError)
  /// The initializer threw.
  case initializer(Failure)
}

extension ArenaInitializationError: Equatable where Failure: Equatable {}

extension BumpArena {
  /// Allocates room for `capacity` elements and calls `initializer` to fill it.
  ///
  /// The arena reclaims the room that the initializer leaves unused. If the initializer throws, the
  /// arena is as before: it releases a dedicated chunk of this allocation, and keeps a new chunk of
  /// the regular size for the next allocations.
  ///
  /// The initializer may allocate in the same arena. Its allocations then stay, even if it throws,
  /// and the room that it leaves unused, or all of it if it throws, is unused until the next reset.
  ///
  /// ```swift
  /// let squares = arena.allocate(capacity: 10) { output in
  ///   for number in 0..<10 { output.append(number * number) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - capacity: The number of elements to make room for. Zero allocates nothing.
  ///   - initializer: A closure that appends at most `capacity` elements.
  /// - Returns: The elements appended, valid until the arena is reset or destroyed.
  /// - Throws: Rethrows the error of `initializer`.
  /// - Precondition: `capacity` is not negative. Traps if memory cannot be allocated; see
  ///   ``tryAllocate(capacity:initializingWith:)``. `initializer` must not
  ///   replace its span by another one.
  /// - Complexity: That of `initializer`, plus one request to the chunk source when the chunk is
  ///   full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func allocate<Element: BitwiseCopyable, Failure: Error>(
    capacity: Int,
    initializingWith initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) -> ArenaMutableSlice<Element> {
    // SAFETY: the position is undone to or passed on before anything else happens to the arena.
    let before = unsafe core.position
    let storage = unsafe core.allocateStorageOrTrap(of: Element.self, count: capacity)
    let count = unsafe try core.fill(storage, capacity: capacity, from: before, with: initializer)
    return unsafe slice(of: storage, count: count)
  }

  /// Allocates room for `capacity` elements and calls `initializer` to fill it, or throws.
  ///
  /// - Parameters:
  ///   - capacity: The number of elements to make room for. Zero allocates nothing.
  ///   - initializer: A closure that appends at most `capacity` elements.
  /// - Returns: The elements appended, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaInitializationError`` with the error of the arena or of `initializer`. The
  ///   arena is then unchanged, apart from allocations of the initializer itself; see
  ///   ``allocate(capacity:initializingWith:)``.
  /// - Precondition: `capacity` is not negative, and `initializer` must not replace its span by
  ///   another one.
  /// - Complexity: That of `initializer`, plus one request to the chunk source when the chunk is
  ///   full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Element: BitwiseCopyable, Failure: Error>(
    capacity: Int,
    initializingWith initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(ArenaInitializationError<Failure>) -> ArenaMutableSlice<Element> {
    // SAFETY: as above.
    let before = unsafe core.position
    let storage: UnsafeMutablePointer<Element>
    do throws(ArenaError) {
      unsafe storage = try core.allocateStorage(of: Element.self, count: capacity)
    } catch {
      throw .arena(error)
    }
    let count: Int
    do throws(Failure) {
      count = unsafe try core.fill(storage, capacity: capacity, from: before, with: initializer)
    } catch {
      throw .initializer(error)
    }
    return unsafe slice(of: storage, count: count)
  }

  /// Allocates `count` elements, each made by `generator` from its position.
  ///
  /// - Parameters:
  ///   - count: The number of elements. Zero allocates nothing.
  ///   - generator: A closure that returns the element for a position. It is called in order from
  ///     zero.
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Throws: Rethrows the error of `generator`; see ``allocate(capacity:initializingWith:)``.
  /// - Precondition: `count` is not negative. Traps if memory cannot be allocated; see
  ///   ``tryAllocate(count:generating:)``.
  /// - Complexity: O(`count`) if `generator` is O(1), plus one request to the chunk source when the
  ///   chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func allocate<Element: BitwiseCopyable, Failure: Error>(
    count: Int, generating generator: (Int) throws(Failure) -> Element
  ) throws(Failure) -> ArenaMutableSlice<Element> {
    try allocate(capacity: count) { (output: inout OutputSpan<Element>) throws(Failure) in
      for position in 0..<count { output.append(try generator(position)) }
    }
  }

  /// Allocates `count` elements, each made by `generator` from its position, or throws.
  ///
  /// - Parameters:
  ///   - count: The number of elements. Zero allocates nothing.
  ///   - generator: A closure that returns the element for a position. It is called in order from
  ///     zero.
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaInitializationError`` with the error of the arena or of `generator`.
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(`count`) if `generator` is O(1), plus one request to the chunk source when the
  ///   chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Element: BitwiseCopyable, Failure: Error>(
    count: Int, generating generator: (Int) throws(Failure) -> Element
  ) throws(ArenaInitializationError<Failure>) -> ArenaMutableSlice<Element> {
    try tryAllocate(capacity: count) { (output: inout OutputSpan<Element>) throws(Failure) in
      for position in 0..<count { output.append(try generator(position)) }
    }
  }
}

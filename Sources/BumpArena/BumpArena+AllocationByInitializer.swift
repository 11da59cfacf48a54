/// Why an allocation with an initializer failed. The arena is as it was before.
public enum ArenaInitializationError<Failure: Error>: Error {
  /// The arena could not give the memory; the initializer was not called.
  case arena(ArenaError)
  /// The initializer threw.
  case initializer(Failure)
}

extension ArenaInitializationError: Equatable where Failure: Equatable {}

extension BumpArena {
  /// Allocates room for `capacity` elements and lets `initializer` fill it.
  ///
  /// What the initializer leaves unused is given back. If it throws, the arena is as it was before, and a
  /// chunk that was obtained for this allocation alone is given back. A chunk of the regular size that had
  /// to be obtained is kept for the next allocations.
  ///
  /// It may allocate in the same arena. What it allocates stays then, even if it throws, and the room it
  /// leaves unused, or all of it if it throws, is lost until the next reset.
  ///
  /// ```swift
  /// let squares = arena.allocate(capacity: 10) { output in
  ///   for number in 0..<10 { output.append(number * number) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - capacity: The number of elements to make room for. Zero allocates nothing.
  ///   - initializer: Appends at most `capacity` elements.
  /// - Returns: The elements appended, valid until the arena is reset or destroyed.
  /// - Throws: What `initializer` throws.
  /// - Precondition: `capacity` is not negative and the memory can be obtained; see
  ///   ``tryAllocate(capacity:initializingWith:)`` for the form that throws. `initializer` does not
  ///   exchange its span for another one.
  /// - Complexity: That of `initializer`, plus one request to the chunk source when the chunk is full.
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

  /// Allocates room for `capacity` elements and lets `initializer` fill it, or throws.
  ///
  /// - Parameters:
  ///   - capacity: The number of elements to make room for. Zero allocates nothing.
  ///   - initializer: Appends at most `capacity` elements.
  /// - Returns: The elements appended, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaInitializationError`` with what the arena or `initializer` threw. The arena is
  ///   then as it was before, but for what the initializer itself allocated; see
  ///   ``allocate(capacity:initializingWith:)``.
  /// - Precondition: `capacity` is not negative, and `initializer` does not exchange its span for another
  ///   one.
  /// - Complexity: That of `initializer`, plus one request to the chunk source when the chunk is full.
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
  ///   - generator: Returns the element for a position, called in order from zero.
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Throws: What `generator` throws; see ``allocate(capacity:initializingWith:)``.
  /// - Precondition: `count` is not negative and the memory can be obtained; see
  ///   ``tryAllocate(count:generating:)`` for the form that throws.
  /// - Complexity: O(`count`) if `generator` is O(1), plus one request to the chunk source when the chunk is
  ///   full.
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
  ///   - generator: Returns the element for a position, called in order from zero.
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Throws: ``ArenaInitializationError`` with what the arena or `generator` threw.
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(`count`) if `generator` is O(1), plus one request to the chunk source when the chunk is
  ///   full.
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

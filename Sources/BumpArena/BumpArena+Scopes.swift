extension BumpArena {
  /// Runs `body` with a temporary arena.
  ///
  /// The scope is an arena that cannot be reset, rewound or trimmed. Containers grow in it,
  /// elements are frozen in it, and further scopes open in it. When `body` returns or throws, the
  /// scope's elements are deinitialized, newest first, and its memory is available to this arena
  /// again. Slices, strings and references cannot leave `body`: that is a compile error. Do not
  /// assign a container of the scope to a variable outside of it; Swift 6.3 does not reject that.
  ///
  /// ```swift
  /// var kept = ArenaArray<Int>(in: arena)
  /// arena.withScope { scratch in
  ///   var candidates = ArenaArray<Int>(in: scratch)
  ///   for number in 2..<100 { candidates.append(number) }
  ///   kept.append(candidates.count)             // this arena may be used meanwhile
  /// }
  /// ```
  ///
  /// Earlier allocations of this arena stay valid, because opening a scope is `borrowing`. An open
  /// scope owns the rest of the current chunk. Memory that this arena allocates meanwhile comes
  /// from another chunk, and the rest of the old one is unused until the next reset. An arena of
  /// one address range has no other chunk and cannot allocate while a scope is open.
  ///
  /// - Parameter body: The work. The scope is valid during the call.
  /// - Returns: The result of `body`.
  /// - Throws: Rethrows the error of `body`.
  /// - Precondition: The memory for the scope can be allocated if the chunk has no room for it; see
  ///   ``tryWithScope(_:)`` for the form that throws. A scope needs ``firstChunkOverheadByteCount``
  ///   bytes for its state, and 512 bytes for allocations.
  /// - Complexity: O(1) to open; O(*d* + *c*) to close, for *d* droppable elements and *c* chunks.
  public borrowing func withScope<Result: ~Copyable, Failure: Error>(
    _ body: (_ scope: borrowing BumpArena) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let scope: BumpArena
    do throws(ArenaError) {
      scope = try BumpArena(scopeOf: self)
    } catch {
      ArenaError.trap(error)
    }
    return try body(scope)
  }

  /// Runs `body` with a temporary arena, or throws if the memory for one is refused. See
  /// ``withScope(_:)``.
  ///
  /// - Parameter body: The work. The scope is valid during the call.
  /// - Returns: The result of `body`.
  /// - Throws: ``ArenaError`` if the memory for the scope is refused, or does not fit into the rest
  ///   of an address range; `body` is then not called. Rethrows the error of `body`.
  /// - Complexity: The same as that of ``withScope(_:)``.
  public borrowing func tryWithScope<Result: ~Copyable>(
    _ body: (_ scope: borrowing BumpArena) throws(ArenaError) -> Result
  ) throws(ArenaError) -> Result {
    let scope = try BumpArena(scopeOf: self)
    return try body(scope)
  }

  /// Opens a scope, which its deinitializer closes.
  private init(scopeOf arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: the only callers keep the arena borrowed until this value is destroyed.
    unsafe core = try arena.core.openScope()
  }
}

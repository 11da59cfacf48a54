extension BumpArena {
  /// Runs `body` with an arena for what is needed no longer than the call.
  ///
  /// The scope is an arena that cannot be reset, rewound or trimmed: containers grow in it, elements are frozen in it, scopes
  /// open in it. When `body` returns or throws, its elements are deinitialized, newest first, and
  /// its memory is available to this arena again. Slices, strings and references of the scope cannot leave
  /// `body`: that is a compile error. Do not assign a container of the scope to a variable outside, which
  /// today's compiler does not refuse.
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
  /// What was allocated in this arena before stays valid, since opening a scope is `borrowing`. While
  /// it is open, the scope has the rest of the current chunk: what this arena allocates meanwhile
  /// goes to a chunk of its own, and the rest of the old one is unused until the next reset. An arena
  /// that is one address range has no other chunk and cannot allocate while a scope is open.
  ///
  /// - Parameter body: What to do with the scope, which is valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  /// - Precondition: The memory for the scope's state of less than 1 KiB can be obtained, if the chunk
  ///   has no room for it.
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

  /// Runs `body` with an arena for what is needed no longer than the call, or throws if there is no
  /// memory to open one. See ``withScope(_:)``.
  ///
  /// - Parameter body: What to do with the scope, which is valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: `ArenaError` if the memory for the scope's state of less than 1 KiB is refused, or the
  ///   rest of an address range is smaller than that; `body` is not called then. And what `body` throws.
  /// - Complexity: As of ``withScope(_:)``.
  public borrowing func tryWithScope<Result: ~Copyable>(
    _ body: (_ scope: borrowing BumpArena) throws(ArenaError) -> Result
  ) throws(ArenaError) -> Result {
    let scope = try BumpArena(scopeOf: self)
    return try body(scope)
  }

  /// Opens a scope, which its deinitializer closes.
  private init(scopeOf arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: the only callers keep the arena borrowed until this value is gone.
    unsafe core = try arena.core.openScope()
  }
}

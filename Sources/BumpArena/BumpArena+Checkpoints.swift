extension BumpArena {
  /// A point in the life of an arena to which ``BumpArena/rewind(to:)`` goes back. Eight bytes; may be
  /// stored anywhere.
  ///
  /// It is valid until its arena is reset or rewound to an earlier checkpoint; using it afterwards, or
  /// with another arena, traps.
  public struct Checkpoint: Hashable, Sendable, BitwiseCopyable {
    let stamp: UInt64
  }

  /// Notes where the arena stands.
  ///
  /// ```swift
  /// var arena = BumpArena()
  /// let start = arena.checkpoint()
  /// _ = arena.allocate(repeating: 0, count: 100)
  /// arena.rewind(to: start)
  /// ```
  /// The note takes less than 100 bytes in the arena, unless nothing was allocated since the last one.
  /// Prefer ``withScope(_:)`` where what is to be taken back follows the structure of the program.
  ///
  /// - Precondition: The memory can be obtained; see ``tryCheckpoint()`` for the form that throws.
  /// - Complexity: O(1).
  public borrowing func checkpoint() -> Checkpoint {
    do throws(ArenaError) {
      return try tryCheckpoint()
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Notes where the arena stands, or throws.
  ///
  /// ```swift
  /// let arena = BumpArena(BumpArena.Configuration(byteLimit: 0))
  /// do {
  ///   _ = try arena.tryCheckpoint()
  /// } catch {
  ///   print(error)   // the arena would hold … live bytes, its limit is 0; …
  /// }
  /// ```
  /// - Throws: ``ArenaError`` if the memory for the note is refused. The arena is then unchanged.
  /// - Complexity: O(1).
  public borrowing func tryCheckpoint() throws(ArenaError) -> Checkpoint {
    // SAFETY: the core lives as long as the arena.
    Checkpoint(stamp: unsafe try core.recordCheckpoint())
  }

  /// Takes back everything allocated since `checkpoint`.
  ///
  /// Elements frozen since are deinitialized, newest first. Their chunks are kept. Later checkpoints
  /// are no longer valid, this one and earlier ones are. Handles made before the checkpoint stay
  /// valid, those made after it do not.
  ///
  /// Being `mutating`, it cannot be called while a slice or array of this arena is alive, older ones
  /// included: that is a compile error.
  ///
  /// - Parameter checkpoint: A checkpoint of this arena.
  /// - Precondition: The arena was neither reset nor rewound to an earlier checkpoint since.
  /// - Complexity: O(*d* + *c* + *p*) for *d* droppable elements, *c* chunks and *p* checkpoints made
  ///   since. Chunks made for a single large allocation are sorted as by ``reset()``.
  public mutating func rewind(to checkpoint: Checkpoint) {
    // SAFETY: `mutating` means that nothing borrows the arena.
    let isValid = unsafe core.rewind(toCheckpoint: checkpoint.stamp)
    precondition(
      isValid,
      "BumpArena: checkpoint belongs to another arena, or the arena was reset or rewound past it")
  }
}

extension BumpArena {
  /// A point to which ``BumpArena/rewind(to:)`` returns the arena. It takes eight bytes and can be
  /// stored anywhere.
  ///
  /// It is valid until its arena is reset or rewound to an earlier checkpoint. Using it afterwards,
  /// or with another arena, traps.
  public struct Checkpoint: Hashable, Sendable, BitwiseCopyable {
    let stamp: UInt64
  }

  /// Makes a checkpoint of the present state of the arena.
  ///
  /// ```swift
  /// var arena = BumpArena()
  /// let start = arena.checkpoint()
  /// _ = arena.allocate(repeating: 0, count: 100)
  /// arena.rewind(to: start)
  /// ```
  /// Its record takes less than 100 bytes in the arena, unless nothing was allocated since the last
  /// checkpoint. Prefer ``withScope(_:)`` where reclaiming follows the structure of the program.
  ///
  /// - Precondition: Traps if memory cannot be allocated; see ``tryCheckpoint()``.
  /// - Complexity: O(1).
  public borrowing func checkpoint() -> Checkpoint {
    do throws(ArenaError) {
      return try tryCheckpoint()
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes a checkpoint of the present state of the arena, or throws.
  ///
  /// ```swift
  /// let arena = BumpArena(BumpArena.Configuration(byteLimit: 0))
  /// do {
  ///   _ = try arena.tryCheckpoint()
  /// } catch {
  ///   print(error)   // the arena would hold … live bytes, its limit is 0; …
  /// }
  /// ```
  /// - Throws: ``ArenaError`` if the memory for the record is refused. The arena is then unchanged.
  /// - Complexity: O(1).
  public borrowing func tryCheckpoint() throws(ArenaError) -> Checkpoint {
    // SAFETY: the core lives as long as the arena.
    Checkpoint(stamp: unsafe try core.recordCheckpoint())
  }

  /// Reclaims all memory that was allocated since `checkpoint`.
  ///
  /// Elements frozen since then are deinitialized, newest first. Their chunks are kept. Later
  /// checkpoints become invalid; this one and earlier ones stay valid. Handles made before the
  /// checkpoint stay valid; those made after it become invalid.
  ///
  /// The method is `mutating`: calling it while a slice or array of this arena is alive, even an
  /// older one, is a compile error.
  ///
  /// - Parameter checkpoint: A checkpoint of this arena.
  /// - Precondition: The arena was neither reset nor rewound to an earlier checkpoint since.
  /// - Complexity: O(*d* + *c* + *p*) for *d* droppable elements, *c* chunks and *p* checkpoints
  ///   made since. Dedicated chunks are sorted as by ``reset()``.
  public mutating func rewind(to checkpoint: Checkpoint) {
    // SAFETY: `mutating` means that nothing borrows the arena.
    let isValid = unsafe core.rewind(toCheckpoint: checkpoint.stamp)
    precondition(
      isValid,
      "BumpArena: checkpoint belongs to another arena, or the arena was reset or rewound past it")
  }
}

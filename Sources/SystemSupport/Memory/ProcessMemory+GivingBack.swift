import Synchronization

extension ProcessMemory {
  /// Gives memory that was freed back to the system, in the way of the allocator that answers
  /// `malloc`.
  ///
  /// Allocators keep what was freed, for what is allocated next. A thread that stays, and is busy
  /// only now and then, makes its process hold the largest batch until this is called. Adding
  /// documents does it on each of its threads.
  ///
  /// - mimalloc gives back what the calling thread holds of what was freed. Another thread cannot
  ///   do it for it. mimalloc 2 keeps pages that the thread itself has freed next to others that
  ///   are in use.
  /// - jemalloc gives back what the calling thread keeps in its cache, and what lies unused in all
  ///   arenas.
  /// - The C library (`malloc_trim`) gives back what lies unused in the whole heap, and locks it
  ///   meanwhile.
  /// - Of any other allocator nothing is given back.
  ///
  /// - Complexity: O(*p*) for *p* pages that the thread holds; with jemalloc and the C library,
  ///   that the process holds.
  public static func giveBackFreedMemory() {
    guard !keepsFreedMemory.load(ordering: .relaxed) else { return }
    ProcessAllocator.current.giveBackFreedMemory()
  }

  /// For measurements: from now on ``giveBackFreedMemory()`` does nothing.
  package static func keepFreedMemory() {
    keepsFreedMemory.store(true, ordering: .relaxed)
  }

  private static let keepsFreedMemory = Atomic(false)
}

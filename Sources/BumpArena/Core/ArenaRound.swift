import Synchronization

/// The addresses of the words of rounds that no arena has.
private let idleWords = Guarded<[UInt]>([])

/// The time from one reset or rewind of an arena to the next, as seen by what was made in it.
///
/// The compiler does not count the end of a variable's life as a use of it. An array that is last
/// used before a `reset()`, in the same scope, is therefore destroyed after it, when the arena has
/// already run the deinitializers of its elements, or is gone:
///
/// ```
/// var payloads = ArenaArray<Payload>(in: arena)
/// payloads.append(payload)          // the last use
/// arena.reset()                     // compiles
/// }                                 // `payloads` is destroyed here
/// ```
/// What would deinitialize anything asks first whether its round still goes on. The word it reads is
/// never freed; when an arena is gone, another one counts on from there.
@unsafe @usableFromInline
package struct ArenaRound: BitwiseCopyable {
  private let word: UnsafeMutableRawPointer?
  private let number: UInt64

  private init(word: UnsafeMutableRawPointer?, number: UInt64) {
    unsafe self.word = word
    unsafe self.number = number
  }

  /// The round of what has nothing to deinitialize. It never goes on.
  @usableFromInline
  package static var none: ArenaRound { unsafe ArenaRound(word: nil, number: 0) }

  /// Whether the arena has taken nothing back since, and is still there.
  @usableFromInline
  package var isCurrent: Bool {
    guard let word = unsafe word else { return false }
    // SAFETY: words are never freed. Another thread may count for another arena meanwhile, to a
    // number that differs in any case.
    return unsafe Self.counter(word).pointee.load(ordering: .relaxed) == number
  }

  fileprivate static func current(of word: UnsafeMutableRawPointer) -> ArenaRound {
    unsafe ArenaRound(
      word: word, number: Self.counter(word).pointee.load(ordering: .relaxed))
  }

  fileprivate static func end(_ word: UnsafeMutableRawPointer) {
    // SAFETY: the word belongs to the arena, which one thread has at a time.
    unsafe counter(word).pointee.add(1, ordering: .relaxed)
  }

  private static func counter(
    _ word: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    // SAFETY: every word was made as a counter.
    unsafe word.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  // MARK: - Words

  fileprivate static func takeWord() -> UnsafeMutableRawPointer {
    if let address = idleWords.withLock({ $0.popLast() }) {
      // SAFETY: the address is that of a word made below.
      return unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }
    let counter = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: 1)
    unsafe counter.initialize(to: Atomic(1))
    return UnsafeMutableRawPointer(counter)
  }

  fileprivate static func putBack(_ word: UnsafeMutableRawPointer) {
    let address = UInt(bitPattern: word)
    idleWords.withLock { $0.append(address) }
  }
}

extension ArenaCore {
  /// The present round of the arena or scope, which gets its word when it is first asked.
  @usableFromInline
  package var round: ArenaRound {
    // SAFETY: the state is alive as long as the arena is.
    if let word = unsafe state.pointee.roundWord { return unsafe ArenaRound.current(of: word) }
    let word = unsafe ArenaRound.takeWord()
    unsafe state.pointee.roundWord = word
    return unsafe ArenaRound.current(of: word)
  }

  /// What was made until now is no longer deinitialized by its owners, but by the arena.
  func endRound() {
    // SAFETY: the state is alive as long as the arena is.
    if let word = unsafe state.pointee.roundWord { unsafe ArenaRound.end(word) }
  }

  /// Ends the last round of an arena or scope.
  func giveUpRound() {
    // SAFETY: nothing reads the state's word afterwards.
    guard let word = unsafe state.pointee.roundWord else { return }
    unsafe ArenaRound.end(word)
    unsafe ArenaRound.putBack(word)
    unsafe state.pointee.roundWord = nil
  }
}

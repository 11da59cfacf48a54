// A slice does not outlive the lease of its arena.
import ArenaCollections
import BumpArena

func reject(_ pool: ArenaPool) {
  guard let lease = pool.lease() else { return }
  let slice = ArenaArray<Int>(in: lease.arena).intoArenaSlice()
  _ = consume lease
  // expected-error@-1 {{noncopyable 'lease' cannot be consumed when captured by an escaping closure or borrowed by a non-Escapable type}}
  print(slice.count)
}

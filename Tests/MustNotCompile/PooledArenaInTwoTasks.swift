// A leased arena belongs to one thread at a time.
import ArenaCollections
import BumpArena

func reject(_ pool: ArenaPool) async {
  guard let lease = pool.lease() else { return }
  async let count = lease.arena.statistics.chunkCount
  // expected-error@-1 {{sending 'lease' risks causing data races}}
  // expected-note@-2 {{sending 'lease' into async let risks causing data races between async let uses and local uses}}
  print(lease.arena.statistics.chunkCount, await count)
  // expected-note@-1 {{access can happen concurrently}}
}

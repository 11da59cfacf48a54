// An arena cannot be shared between threads.
import ArenaCollections
import BumpArena

func share(_ value: borrowing some Sendable & ~Copyable) {}

func reject(_ arena: borrowing BumpArena) {
  share(arena)
  // expected-error@-1 {{conformance of 'BumpArena' to 'Sendable' is unavailable: an arena belongs to one thread at a time; pass it on as 'consuming sending'}}
}

// An arena is not synchronized, so two tasks cannot share it.
import ArenaCollections
import BumpArena

func reject() {
  let arena = BumpArena()
  Task { print(arena.statistics) }
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  Task { print(arena.statistics) }
  // expected-note@-1 {{access can happen concurrently}}
}

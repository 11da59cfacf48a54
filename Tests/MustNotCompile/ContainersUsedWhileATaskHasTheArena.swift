// A task that takes the arena may reset it while something in it is still used here.
import ArenaCollections
import BumpArena

func rejectArray() async {
  var arena = BumpArena()
  let kept = ArenaArray<Int>(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectSlice() async {
  var arena = BumpArena()
  let kept = ArenaString("text", in: arena).utf8
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectString() async {
  var arena = BumpArena()
  let kept = ArenaString("text", in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.byteCount)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectBox() async {
  var arena = BumpArena()
  let kept = ArenaBox(1, in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.value)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectReference() async {
  var arena = BumpArena()
  let kept = arena.allocate(value: 1)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.value)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectElements() async {
  var arena = BumpArena()
  let kept = arena.allocate(repeating: 7, count: 3)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept[0])
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectBytes() async {
  var arena = BumpArena()
  let kept = arena.allocate(zeroedByteCount: 8, alignment: 64)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept[0])
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectDictionary() async {
  var arena = BumpArena()
  let kept = ArenaDictionary<Int, Int>(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectKeys() async {
  var arena = BumpArena()
  let table = ArenaDictionary<Int, Int>(in: arena)
  let kept = table.keys
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectValues() async {
  var arena = BumpArena()
  let table = ArenaStringDictionary<Int>(in: arena)
  let kept = table.values
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectSet() async {
  var arena = BumpArena()
  let kept = ArenaSet<Int>(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectStringDictionary() async {
  var arena = BumpArena()
  let kept = ArenaStringDictionary<Int>(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectBuilder() async {
  var arena = BumpArena()
  let kept = ArenaStringBuilder(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.byteCount)
  // expected-note@-1 {{access can happen concurrently}}
}

func rejectInterner() async {
  var arena = BumpArena()
  let kept = StringInterner(in: arena)
  await Task { arena.reset() }.value
  // expected-error@-1 {{sending value of non-Sendable type '() async -> ()' risks causing data races}}
  // expected-note@-2 {{Passing value of non-Sendable type '() async -> ()' as a 'sending' argument to initializer 'init(name:priority:operation:)' risks causing races in between local and caller code}}
  print(kept.count)
  // expected-note@-1 {{access can happen concurrently}}
}

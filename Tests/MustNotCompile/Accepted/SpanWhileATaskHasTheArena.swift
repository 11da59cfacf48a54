// Swift 6.3 accepts this and should not: the standard library's spans are `Sendable`, so one that
// was taken from a view is not seen to be of the arena that a task takes. When one of these is
// refused, the compiler has learned it: move it to the fixtures that must not compile, and see
// "Limits of today's compiler".
import ArenaCollections
import BumpArena

func spanOfElements() async {
  var arena = BumpArena()
  let kept = arena.allocate(repeating: 7, count: 3)
  let span = kept.span
  await Task { arena.reset() }.value
  print(span[0])
}

func spanOfArray() async {
  var arena = BumpArena()
  var kept = ArenaArray<Int>(in: arena)
  kept.append(1)
  let span = kept.span
  await Task { arena.reset() }.value
  print(span[0])
}

func spanOfSlice() async {
  var arena = BumpArena()
  let span = ArenaString("text", in: arena).utf8.span
  await Task { arena.reset() }.value
  print(span[0])
}

func mutableSpanOfArray() async {
  var arena = BumpArena()
  var kept = ArenaArray<Int>(in: arena)
  kept.append(1)
  let span = kept.mutableSpan
  await Task { arena.reset() }.value
  print(span[0])
}

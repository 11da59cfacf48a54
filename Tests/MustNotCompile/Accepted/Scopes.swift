// The correct forms of what the fixtures about scopes, boxes, handles and leases reject.
import ArenaCollections
import BumpArena

func acceptScopes(_ arena: borrowing BumpArena) -> Int {
  var kept = ArenaArray<Int>(in: arena)
  let count = arena.withScope { scope in
    let scratch = scope.allocate(count: 3) { $0 }
    kept.append(scratch[2])
    return scope.withScope { inner in ArenaArray<Int>(in: inner).count }
  }
  return count + kept.count
}

func acceptCheckpoint(_ arena: inout BumpArena) {
  let checkpoint = arena.checkpoint()
  do {
    let slice = ArenaArray<Int>(in: arena).intoArenaSlice()
    print(slice.count)
  }
  arena.rewind(to: checkpoint)
}

func acceptBoxes(_ arena: borrowing BumpArena) {
  var box = ArenaBox(ArenaOwned(["text"]), in: arena)
  box.value.value.append("more")
  print(box.consume().value.count)
  let reference = ArenaBox(ArenaOwned([1]), in: arena).intoArenaReference()
  print(reference.value.value.count)
}

func acceptHandles(_ arena: inout BumpArena) {
  let stored = [ArenaArray<Int>(in: arena).intoArenaHandle()]
  do {
    print(arena[stored[0]].count)
  }
  arena.reset()
}

func acceptTemporary() -> Int {
  BumpArena.withTemporaryArena(byteCount: 4096) { arena in
    ArenaArray<Int>(in: arena).intoArenaSlice().count
  }
}

func acceptPool(_ pool: ArenaPool) {
  guard var lease = pool.lease() else { return }
  print(ArenaArray<Int>(in: lease.arena).count)
  lease.arena.reset()
}

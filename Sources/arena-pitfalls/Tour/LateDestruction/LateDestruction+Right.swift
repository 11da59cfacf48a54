import ArenaCollections
import BumpArena

/// Opens three files, resets the arena, and puts other numbers in it.
func closeInTime<File: ~Copyable & ArenaDroppable>(
  _ arena: inout BumpArena, open: (Int) -> File
) {
  var files = ArenaArray<File>(in: arena, minimumCapacity: 3)
  for number in 3...5 { files.append(open(number)) }
  arena.reset()  // deinitializes the files
  _ = arena.allocate(repeating: 99, count: 10)
}  // the end of the life of `files`, which does nothing

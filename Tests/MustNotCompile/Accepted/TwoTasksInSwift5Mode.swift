// flags: -swift-version 5
// What the Swift 5 language mode accepts: it does not check what a task takes along. See "Another thread" in the article on
// lifetimes. In the Swift 6 mode this is refused: ArenaInTwoTasks.
import BumpArena

func allocateInTwoTasks() async {
  let arena = BumpArena()
  let first = Task.detached { arena.allocate(repeating: 1, count: 100).count }
  let second = Task.detached { arena.allocate(repeating: 2, count: 100).count }
  print(await first.value, await second.value)
}

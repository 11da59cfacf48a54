// flags: -swift-version 5
// The Swift 5 language mode accepts this: it does not check the captures of a task. See "Another
// thread" in the article on lifetimes. In the Swift 6 mode this is refused: ArenaInTwoTasks.
import BumpArena

func allocateInTwoTasks() async {
  let arena = BumpArena()
  let first = Task.detached { arena.allocate(repeating: 1, count: 100).count }
  let second = Task.detached { arena.allocate(repeating: 2, count: 100).count }
  print(await first.value, await second.value)
}

@testable import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ArenaHandleTests {
  /// A tree in an arena, whose nodes name their children by handles.
  private struct Node: BitwiseCopyable {
    var value: Int
    var children: ArenaHandle<Node>
  }

  private func tree(depth: Int, in arena: borrowing BumpArena) -> ArenaHandle<Node> {
    var children = ArenaArray<Node>(in: arena)
    if depth > 0 {
      for value in 0..<3 {
        children.append(Node(value: value, children: tree(depth: depth - 1, in: arena)))
      }
    }
    return children.intoArenaHandle()
  }

  private func sum(_ handle: ArenaHandle<Node>, in arena: borrowing BumpArena) -> Int {
    let nodes = arena[handle]
    var total = 0
    for position in nodes.indices {
      total += nodes[position].value + sum(nodes[position].children, in: arena)
    }
    return total
  }

  @Test func handleIsSixteenPlainBytes() {
    #expect(MemoryLayout<ArenaHandle<String>>.size == 16)
    #expect(_isPOD(ArenaHandle<TrackedElement>.self))
  }

  /// Documented, and once said otherwise in three places than the code did.
  @Test func handleHoldsUpToTwoToThePowerOf32ElementsLessOne() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    array.append(())
    while array.count < 1 << 32 {
      var other = ArenaArray<Void>(in: arena)
      other.append(copying: array)
      array.append(copying: other)
    }
    array.removeLast()
    let handle = array.intoArenaHandle()
    #expect(handle.count == 1 << 32 - 1)
    #expect(arena[handle].count == 1 << 32 - 1)
  }

  @Test func structuresOfHandlesLiveInTheArena() {
    let arena = BumpArena()
    let root = tree(depth: 5, in: arena)
    #expect(sum(root, in: arena) == 3 * (1 + 3 + 9 + 27 + 81))
  }

  @Test func handlesCanBeStoredAnywhereAndAreCheckedWhenUsed() {
    var arena = BumpArena()
    var stored: [ArenaHandle<Int>] = []
    for number in 0..<100 {
      var array = ArenaArray<Int>(in: arena)
      for value in 0...number { array.append(value) }
      stored.append(array.intoArenaHandle())
    }
    for (number, handle) in stored.enumerated() {
      let slice = arena[handle]
      #expect(slice.count == number + 1)
      #expect(slice[number] == number)
    }
    arena.reset()
    #expect(!stored.contains { arena.isValid($0) })
    let other = BumpArena()
    #expect(other.isValid(stored[0]) == false)
  }

  @Test func handlesOfOlderSlicesSurviveARewind() {
    var arena = BumpArena()
    func make(_ value: Int, in arena: borrowing BumpArena) -> ArenaHandle<Int> {
      var array = ArenaArray<Int>(in: arena)
      array.append(value)
      return array.intoArenaHandle()
    }
    let first = make(1, in: arena)
    let checkpoint = arena.checkpoint()
    let second = make(2, in: arena)
    _ = arena.checkpoint()
    let third = make(3, in: arena)
    #expect([first, second, third].allSatisfy { arena.isValid($0) })
    arena.rewind(to: checkpoint)
    #expect(arena.isValid(first) == true)
    let areValid = [arena.isValid(second), arena.isValid(third)]
    #expect(areValid == [false, false])
    let fourth = make(4, in: arena)
    #expect(arena.isValid(second) == false)
    let values = [arena[first][0], arena[fourth][0]]
    #expect(values == [1, 4])
  }

  @Test func droppableElementsBehindAHandleAreDeinitializedOnce() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func fill(_ arena: borrowing BumpArena) -> ArenaHandle<TrackedElement> {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      return array.intoArenaHandle()
    }
    let handle = fill(arena)
    let value = arena[handle][0].value
    #expect(value == 1)
    arena.reset()
    #expect(tracker.dropped == [1])
  }

  @Test func onlyTheArenaOfASliceMakesItsHandle() async {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena)
    array.append(5)
    let slice = array.intoArenaSlice()
    let handle = arena.handle(to: slice)
    #expect(arena[handle][0] == 5)
    let empty = arena.handle(to: slice.extracting(0..<0))
    #expect(arena[empty].count == 0)
  }

  @Test func handleStoresTheLargestCountAndTheHighestAddress() {
    let arena = BumpArena()
    let count = ArenaHandle<UInt8>.maximumCount
    let address: UInt = 1 << HandleLayout.addressBitCount - 1
    // SAFETY: nothing is read at the address.
    let handle = unsafe ArenaHandle<UInt8>(address, count: count, in: arena.core)
    #expect(handle.count == count && handle.start == address && count == 4_294_967_295)
    let isValid = arena.isValid(handle)
    #expect(isValid)
  }
}

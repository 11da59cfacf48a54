import ArenaCollections
import BumpArena

// Arrays: filled with operations on the arena in between, or changed at random.
extension ArenaProgramRunner {
  mutating func growWords(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<UInt64>(in: arena)
    try? array.tryReserveCapacity(operation.initialCapacity)
    var elements: [UInt64] = []
    for round in 0..<3 {
      for number in 0..<operation.count % 700 {
        guard (try? array.tryReserveCapacity(adding: 1)) != nil else { break }
        array.append(UInt64(number))
        elements.append(UInt64(number))
      }
      if round == 0 { try runNested(arena) }
      if round == 1, let last = array.popLast() {
        try check(elements.popLast() == last, "an array's last element differs")
      }
    }
    try check(array.count == elements.count, "an array has another number of elements")
    if operation.second % 5 != 0 { keep(array, elements) }
    return true
  }

  /// Freezes an array and notes what is in it.
  private mutating func keep(_ array: consuming ArenaArray<UInt64>, _ elements: [UInt64]) {
    let handle = array.intoArenaHandle()
    frames[current].frozen.append(ArenaModel.Frozen(handle: handle, elements: elements))
  }

  /// Follows the storage of a container of elements that own something: what the arena
  /// deinitializes at a rewind depends on when it was allocated.
  struct StorageAge {
    private var capacity = 0
    private(set) var birth = 0

    mutating func follow(_ array: borrowing ArenaArray<TrackedElement>, at time: Int) {
      if array.capacity != capacity {
        capacity = array.capacity
        birth = time
      }
    }
  }

  /// Ends the use of an array: freezes it, destroys it, or just leaves it.
  private mutating func end(
    _ array: consuming ArenaArray<TrackedElement>, _ age: StorageAge, choice: Int
  ) {
    let count = array.count
    looseTrackedCount -= count
    switch choice % 3 {
    case 0: return array.destroy()
    case 1: _ = array.intoArenaSlice()
    default: break
    }
    frames[current].tracked.append(ArenaModel.Tracked(count: count, birth: age.birth))
  }

  mutating func growTracked(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<TrackedElement>(in: arena)
    try? array.tryReserveCapacity(operation.initialCapacity)
    for _ in 0..<operation.count % 300 {
      guard (try? array.tryReserveCapacity(adding: 1)) != nil else { break }
      array.append(TrackedElement(1, tracker))
      looseTrackedCount += 1
    }
    var age = StorageAge()
    age.follow(array, at: time)
    try runNested(arena)
    end(array, age, choice: operation.second)
    return true
  }

  mutating func growVectors(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<SIMD8<Double>>(in: arena)
    try? array.tryReserveCapacity(operation.initialCapacity)
    for number in 0..<operation.count % 100 {
      guard (try? array.tryReserveCapacity(adding: 1)) != nil else { break }
      array.append(SIMD8(repeating: Double(number)))
    }
    try runNested(arena)
    for position in array.indices {
      try check(array[position][7] == Double(position), "a vector differs")
    }
    return true
  }

  mutating func editWords(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var random = SeededGenerator(seed: UInt64(operation.second))
    var array = ArenaArray<UInt64>(in: arena)
    try? array.tryReserveCapacity(operation.initialCapacity)
    var elements: [UInt64] = []
    let editCount = operation.second % 40
    for edit in 0..<editCount {
      if edit == editCount / 2 { try runNested(arena) }
      try change(&array, &elements, to: UInt64(edit), using: &random)
      try check(array.count == elements.count, "a changed array has another number of elements")
    }
    let isEqual = array.indices.allSatisfy { array[$0] == elements[$0] }
    try check(isEqual, "a changed array differs")
    if operation.first % 2 == 0 { keep(array, elements) }
    return true
  }

  /// Changes an array in one way of many, if the memory is there.
  private func change(
    _ array: inout ArenaArray<UInt64>, _ elements: inout [UInt64], to number: UInt64,
    using random: inout SeededGenerator
  ) throws {
    let few = Int.random(in: 0..<40, using: &random)
    let position = Int.random(in: 0...elements.count, using: &random)
    switch random.next() % 10 {
    case 0:
      if (try? array.tryReserveCapacity(adding: 1)) != nil {
        array.append(number)
        elements.append(number)
      }
    case 1, 2:
      if (try? array.tryReserveCapacity(adding: 1)) != nil {
        array.insert(number, at: position)
        elements.insert(number, at: position)
      }
    case 3 where position < elements.count:
      let removed = array.remove(at: position)
      try check(removed == elements.remove(at: position), "a removed element differs")
    case 4 where position < elements.count:
      elements.swapAt(position, elements.count - 1)
      let removed = array.swapRemove(at: position)
      try check(removed == elements.removeLast(), "an element that was replaced differs")
    case 5:
      let added = (0..<few).map { UInt64($0) }
      if (try? array.tryReserveCapacity(adding: added.count)) != nil {
        array.append(copying: added.span)
        elements += added
      }
    case 6:
      if (try? array.tryReserveCapacity(adding: few)) != nil {
        array.append(repeating: number, count: few)
        elements += Array(repeating: number, count: few)
      }
    case 7:
      array.removeAll { $0 % 3 == 0 }
      elements.removeAll { $0 % 3 == 0 }
    case 8:
      let count = min(few, elements.count)
      array.removeLast(count)
      elements.removeLast(count)
    default:
      try? array.tryReserveCapacity(adding: few)
    }
  }

  mutating func editTracked(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var random = SeededGenerator(seed: UInt64(operation.second))
    var array = ArenaArray<TrackedElement>(in: arena)
    try? array.tryReserveCapacity(operation.initialCapacity)
    var elements: [Int] = []
    var age = StorageAge()
    age.follow(array, at: time)
    let editCount = operation.second % 40
    for edit in 0..<editCount {
      if edit == editCount / 2 { try runNested(arena) }
      try change(&array, &elements, to: edit, using: &random)
      age.follow(array, at: time)
      try check(array.count == elements.count, "a changed array has another number of elements")
    }
    for position in array.indices {
      try check(array[position].value == elements[position], "a changed array's element differs")
    }
    end(array, age, choice: operation.first)
    return true
  }

  /// Changes an array of elements that own something in one way of many, if the memory is there.
  private mutating func change(
    _ array: inout ArenaArray<TrackedElement>, _ elements: inout [Int], to number: Int,
    using random: inout SeededGenerator
  ) throws {
    let before = elements.count
    let position = Int.random(in: 0...before, using: &random)
    switch random.next() % 7 {
    case 0, 1:
      if (try? array.tryReserveCapacity(adding: 1)) != nil {
        array.append(TrackedElement(number, tracker))
        elements.append(number)
      }
    case 2, 3:
      if (try? array.tryReserveCapacity(adding: 1)) != nil {
        array.insert(TrackedElement(number, tracker), at: position)
        elements.insert(number, at: position)
      }
    case 4 where position < before:
      let removed = array.remove(at: position)
      try check(removed.value == elements.remove(at: position), "a removed element differs")
    case 5 where position < before:
      elements.swapAt(position, before - 1)
      elements.removeLast()
      array.swapRemove(at: position)
    case 6:
      array.removeAll { $0.value % 3 == 0 }
      elements.removeAll { $0 % 3 == 0 }
    default: break
    }
    looseTrackedCount += elements.count - before
  }
}

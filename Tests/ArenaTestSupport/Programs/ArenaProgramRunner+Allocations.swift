import ArenaCollections
import BumpArena

// Direct allocations, boxes, scopes, checkpoints and text.
extension ArenaProgramRunner {
  mutating func allocate<Element: BitwiseCopyable>(
    _ value: Element, _ count: Int, in arena: borrowing BumpArena
  ) throws -> Bool {
    do {
      var span = try arena.tryAllocate(repeating: value, count: count)
      try note(&span)
      return true
    } catch is ArenaError {
      return false
    }
  }

  /// Checks the alignment of new elements and hands them to the model.
  private mutating func note<Element: BitwiseCopyable>(
    _ slice: inout ArenaMutableSlice<Element>
  ) throws {
    let pattern = pattern
    let frame = current
    var model = frames[frame]
    var span = slice.mutableSpan
    let address = unsafe span.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: the pattern replaces plain bytes that are not read as elements.
      unsafe model.add(UnsafeMutableRawBufferPointer(buffer), pattern: pattern)
      return UInt(bitPattern: buffer.baseAddress)
    }
    frames[frame] = model
    try check(
      address % UInt(MemoryLayout<Element>.alignment) == 0, "\(Element.self) is not aligned")
  }

  mutating func allocateValue(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    do {
      var reference = try arena.tryAllocate(value: UInt32(operation.second))
      reference.value &+= 1
      return true
    } catch {
      return false
    }
  }

  mutating func copy(_ count: Int, in arena: borrowing BumpArena) throws -> Bool {
    let source = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    do {
      var copy = try arena.tryAllocate(copying: source.span)
      let isEqual = (0..<count).allSatisfy { copy[$0] == source[$0] }
      try check(isEqual, "a copy differs")
      try note(&copy)
      return true
    } catch is ArenaError {
      return false
    }
  }

  mutating func generate(_ count: Int, in arena: borrowing BumpArena) throws -> Bool {
    do {
      var span = try arena.tryAllocate(count: count) { UInt16(truncatingIfNeeded: $0) }
      try note(&span)
      return true
    } catch is ArenaInitializationError<Never> {
      return false
    }
  }

  private struct Stop: Error {}

  mutating func failInitializer(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    do {
      _ = try arena.tryAllocate(capacity: operation.count) {
        (output: inout OutputSpan<UInt64>) throws(Stop) in
        if output.freeCapacity > 0 { output.append(1) }
        throw Stop()
      }
      return true
    } catch {
      return false
    }
  }

  mutating func nestInitializer(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var inner = true
    do {
      var span = try arena.tryAllocate(capacity: operation.count) {
        (output: inout OutputSpan<UInt64>) throws(Stop) in
        for number in 0..<output.freeCapacity / 2 { output.append(UInt64(number)) }
        inner = (try? allocate(UInt8(3), operation.second % 90, in: arena)) ?? false
        if operation.second % 3 == 0 { throw Stop() }
      }
      pattern &+= 1
      try note(&span)
      return true
    } catch is ArenaInitializationError<Stop> {
      // Allocations of the initializer itself stay, and the room that it was given is unused.
      return inner
    }
  }

  mutating func placeBox(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    if operation.first % 4 == 1 { return try placePlainBox(operation, in: arena) }
    do {
      let box = try ArenaBox(trying: TrackedElement(2, tracker), in: arena)
      looseTrackedCount += 1
      let birth = time
      if operation.second % 2 == 0 { try runNested(arena) }
      switch operation.second % 6 {
      case 0, 3:
        let reference = box.intoArenaReference()
        try check(reference.value.value == 2, "a boxed value differs")
        frames[current].tracked.append(ArenaModel.Tracked(count: 1, birth: birth))
      case 1:
        let value = box.consume()
        try check(value.value == 2, "a value taken out of a box differs")
      case 2: box.destroy()
      default: frames[current].tracked.append(ArenaModel.Tracked(count: 1, birth: birth))
      }
      looseTrackedCount -= 1
      return true
    } catch is ArenaError {
      return false
    }
  }

  private mutating func placePlainBox(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    do {
      var box = try ArenaBox(trying: UInt64(operation.second), in: arena)
      box.value += 1
      if operation.second % 2 == 0 { try runNested(arena) }
      try check(box.value == UInt64(operation.second) + 1, "a boxed number differs")
      if operation.second % 3 == 0 { _ = box.consume() }
      return true
    } catch is ArenaError {
      return false
    }
  }

  mutating func openScope(_ arena: borrowing BumpArena) throws -> Bool {
    guard frames.count < 6 else { return true }
    let outer = current
    frames.append(ArenaModel())
    current = frames.count - 1
    var failure: (any Error)?
    var isOpen = true
    do throws(ArenaError) {
      try arena.tryWithScope { (scope: borrowing BumpArena) throws(ArenaError) in
        do { try runScope(scope, in: arena, below: outer) } catch { failure = error }
      }
    } catch {
      isOpen = false
    }
    frames.removeLast()
    current = outer
    if let failure { throw failure }
    return isOpen
  }

  /// Runs operations until one ends the scope.
  private mutating func runScope(
    _ scope: borrowing BumpArena, in arena: borrowing BumpArena, below outer: Int
  ) throws {
    let own = current
    while next < operations.count {
      if operations[next].kind == .end {
        next += 1
        break
      }
      // Some operations are on the arena that the scope is open in.
      let isOuter = operations[next].first >= 200
      current = isOuter ? outer : own
      if isOuter { try step(arena) } else { try step(scope) }
      current = own
    }
    try verify(scope)
  }

  mutating func takeCheckpoint(_ arena: borrowing BumpArena) -> Bool {
    do throws(ArenaError) {
      let checkpoint = try arena.tryCheckpoint()
      guard current == 0 else { return true }
      let frame = frames[0]
      frames[0].marks.removeAll { $0.checkpoint == checkpoint }
      frames[0].marks.append(
        ArenaModel.Mark(
          checkpoint: checkpoint, blockCount: frame.blocks.count,
          frozenCount: frame.frozen.count, time: time,
          liveByteCount: arena.statistics.liveByteCount))
      time += 1
      return true
    } catch {
      return false
    }
  }

  mutating func buildText(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var text = ArenaStringBuilder(in: arena)
    if operation.first % 2 == 0 {
      guard (try? text.tryReserveByteCapacity(operation.first)) != nil else { return false }
    }
    var expected = ""
    if (try? text.tryReserveByteCapacity(adding: 5)) != nil {
      text.append("text ")
      expected += "text "
    }
    if (try? text.tryReserveByteCapacity(adding: 20)) != nil {
      text.append(operation.second)
      expected += "\(operation.second)"
    }
    if operation.second % 2 == 0 { try runNested(arena) }
    if (try? text.tryReserveByteCapacity(adding: 24)) != nil {
      text.append(Double(operation.first) / 4)
      expected += "\(Double(operation.first) / 4)"
    }
    let frozen = text.intoArenaString()
    try check(String(copying: frozen) == expected, "a text differs")
    return true
  }
}

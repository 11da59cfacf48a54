import ArenaCollections
import BumpArena

/// Runs a program on an arena and compares it with the model after each operation.
public struct ArenaProgramRunner {
  private let operations: [ArenaProgram.Operation]
  private let program: ArenaProgram
  private let source: CountingChunkSource?
  private let tracker = LifetimeTracker()
  private let byteLimit: Int
  private var next = 0
  private var pattern: UInt8 = 0
  /// The arena's model, then those of the scopes that are open.
  private var frames = [ArenaModel()]
  /// The model of the arena or scope that operations are run on.
  private var current = 0
  /// Elements in arrays that are not frozen.
  private var looseTrackedCount = 0

  /// Runs `program`.
  ///
  /// - Throws: ``ArenaProgramFailure`` if the arena does not do what the model says.
  public static func run(_ program: ArenaProgram) throws {
    var runner = ArenaProgramRunner(program)
    try runner.run()
  }

  private init(_ program: ArenaProgram) {
    self.program = program
    operations = program.operations
    let isOwnSource = program.choice(0) % 8 < 5
    let refused = program.choice(1) % 4 == 0 ? program.choice(2) % 12 + 1 : nil
    source = isOwnSource ? CountingChunkSource(refusing: refused) : nil
    byteLimit = program.choice(3) % 4 == 0 ? program.choice(4) * 97 : .max
  }

  private var configuration: BumpArena.Configuration {
    var configuration = BumpArena.Configuration()
    configuration.firstChunkByteCount = program.choice(5) * 23
    configuration.maximumChunkByteCount = 1 << (10 + program.choice(6) % 12)
    configuration.retainedByteCount = program.choice(7) % 3 == 0 ? program.choice(7) * 512 : .max
    configuration.byteLimit = byteLimit
    if let source {
      configuration.memory = .source(source)
    } else {
      switch program.choice(0) % 8 {
      case 5: configuration.memory = .malloc
      case 6: configuration.memory = .hugePages
      default: configuration.memory = .addressRange(byteCount: 1 << 20)
      }
    }
    return configuration
  }

  private mutating func run() throws {
    if program.choice(0) == 4 {
      try BumpArena.withTemporaryArena(byteCount: 2_048, configuration: configuration) { arena in
        while next < operations.count { try step(arena) }
      }
      frames = [ArenaModel()]
    } else if var arena = try? BumpArena(trying: configuration) {
      while next < operations.count {
        try changeWhole(&arena)
        if next < operations.count { try step(arena) }
      }
      try verify(arena)
    }
    try check(tracker.liveCount == looseTrackedCount, "\(tracker.liveCount) elements are left")
    if let source {
      try check(source.liveByteCount == 0, "\(source.liveByteCount) bytes of chunks are left")
      if let misuse = source.misuse { throw ArenaProgramFailure(description: misuse) }
    }
  }

  private func check(_ isTrue: Bool, _ message: @autoclosure () -> String) throws {
    guard isTrue else {
      throw ArenaProgramFailure(description: "\(message()), before operation \(next)")
    }
  }
}

// MARK: - Operations

extension ArenaProgramRunner {
  /// Runs the operations at hand that need the whole arena to themselves.
  private mutating func changeWhole(_ arena: inout BumpArena) throws {
    while next < operations.count {
      let operation = operations[next]
      switch operation.kind {
      case .reset:
        if operation.first % 2 == 0 { resetBeforeContainersGo(&arena, operation) }
        arena.reset()
        for frozen in frames[0].frozen {
          try check(!arena.isValid(frozen.handle), "a handle is valid after a reset")
        }
        frames[0] = ArenaModel()
        let statistics = arena.statistics
        try check(statistics.liveByteCount == 0, "bytes are live after a reset")
        try check(statistics.pendingDropCount == 0, "drops are pending after a reset")
      case .trim:
        arena.trim()
      case .rewind:
        let marks = frames[0].marks
        guard !marks.isEmpty else { break }
        let index = operation.second % marks.count
        arena.rewind(to: marks[index].checkpoint)
        for frozen in frames[0].frozen[marks[index].frozenCount...] {
          try check(!arena.isValid(frozen.handle), "a handle is valid after a rewind behind it")
        }
        frames[0].rewind(to: index)
        let live = arena.statistics.liveByteCount
        try check(live == marks[index].liveByteCount, "\(live) bytes are live after a rewind")
      default:
        return
      }
      next += 1
      try verify(arena)
    }
  }

  /// Resets the arena after the last use of containers that are destroyed only when this returns, with
  /// something else in their place.
  private mutating func resetBeforeContainersGo(
    _ arena: inout BumpArena, _ operation: ArenaProgram.Operation
  ) {
    var array = ArenaArray<TrackedElement>(in: arena)
    for number in 0..<operation.second % 40 {
      guard (try? array.tryAppend(TrackedElement(number, tracker))) != nil else { break }
    }
    arena.reset()
    _ = try? arena.tryAllocate(repeating: UInt8.max, count: operation.second % 2_000)
  }

  /// Runs operations until one ends an array or a scope.
  private mutating func runNested(_ arena: borrowing BumpArena) throws {
    while next < operations.count {
      if operations[next].kind == .end {
        next += 1
        return
      }
      try step(arena)
    }
  }

  /// Runs one operation and those nested in it.
  private mutating func step(_ arena: borrowing BumpArena) throws {
    let operation = operations[next]
    next += 1
    pattern &+= 1
    let before = arena.statistics
    let wasDone = try perform(operation, in: arena)
    if !wasDone {
      let after = arena.statistics
      try check(after.liveByteCount == before.liveByteCount, "a refused operation left bytes")
      try check(
        after.pendingDropCount == before.pendingDropCount, "a refused operation left drops")
    }
    try verify(arena)
  }

  /// Returns whether the arena agreed.
  private mutating func perform(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    switch operation.kind {
    case .allocateBytes: return try allocate(UInt8(7), operation.count, in: arena)
    case .allocateWords: return try allocate(UInt64(7), operation.count, in: arena)
    case .allocateOverAligned:
      return try allocate(SIMD8<Double>(repeating: 7), operation.count % 300, in: arena)
    case .allocateValue: return try allocateValue(operation, in: arena)
    case .copy: return try copy(operation.count, in: arena)
    case .generate: return try generate(operation.count, in: arena)
    case .failingInitializer: return try failInitializer(operation, in: arena)
    case .nestedInitializer: return try nestInitializer(operation, in: arena)
    case .arrayOfWords: return try growWords(operation, in: arena)
    case .arrayOfTracked: return try growTracked(operation, in: arena)
    case .arrayOfOverAligned: return try growOverAligned(operation, in: arena)
    case .box: return try placeBox(operation, in: arena)
    case .scope: return try openScope(arena)
    case .checkpoint: return takeCheckpoint(arena)
    case .text: return try buildText(operation, in: arena)
    case .dictionary: return try fillDictionary(operation, in: arena)
    case .end, .reset, .trim, .rewind: return true
    }
  }

  private mutating func allocate<Element: BitwiseCopyable>(
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
    _ span: inout MutableSpan<Element>
  ) throws {
    let pattern = pattern
    let frame = current
    var model = frames[frame]
    let address = unsafe span.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: the pattern replaces plain bytes, which nobody reads as elements.
      unsafe model.add(UnsafeMutableRawBufferPointer(buffer), pattern: pattern)
      return UInt(bitPattern: buffer.baseAddress)
    }
    frames[frame] = model
    try check(
      address % UInt(MemoryLayout<Element>.alignment) == 0, "\(Element.self) is not aligned")
  }

  private mutating func allocateValue(
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

  private mutating func copy(_ count: Int, in arena: borrowing BumpArena) throws -> Bool {
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

  private mutating func generate(_ count: Int, in arena: borrowing BumpArena) throws -> Bool {
    do {
      var span = try arena.tryAllocate(count: count) { UInt16(truncatingIfNeeded: $0) }
      try note(&span)
      return true
    } catch is ArenaInitializationError<Never> {
      return false
    }
  }

  private struct Stop: Error {}

  private mutating func failInitializer(
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

  private mutating func nestInitializer(
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
      // What the initializer allocated itself stays, and the room it was given is lost.
      return inner
    }
  }

  private mutating func growWords(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<UInt64>(in: arena)
    var elements: [UInt64] = []
    for round in 0..<3 {
      for number in 0..<operation.count % 700 {
        guard (try? array.tryAppend(UInt64(number))) != nil else { break }
        elements.append(UInt64(number))
      }
      if round == 0 { try runNested(arena) }
      if round == 1, let last = array.popLast() {
        try check(elements.popLast() == last, "an array's last element differs")
      }
    }
    try check(array.count == elements.count, "an array has another number of elements")
    if operation.second % 5 != 0 {
      let handle = array.intoArenaHandle()
      frames[current].frozen.append(
        ArenaModel.Frozen(handle: handle, elements: elements))
    }
    return true
  }

  private mutating func growTracked(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<TrackedElement>(in: arena)
    for _ in 0..<operation.count % 300 {
      guard (try? array.tryAppend(TrackedElement(1, tracker))) != nil else { break }
      looseTrackedCount += 1
    }
    try runNested(arena)
    let count = array.count
    if operation.second % 3 != 0 {
      _ = array.intoArenaSlice()
      frames[current].trackedCount += count
    }
    looseTrackedCount -= count
    return true
  }

  private mutating func growOverAligned(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var array = ArenaArray<SIMD8<Double>>(in: arena)
    for number in 0..<operation.count % 100 {
      guard (try? array.tryAppend(SIMD8(repeating: Double(number)))) != nil else { break }
    }
    try runNested(arena)
    for position in array.indices {
      try check(array[position][7] == Double(position), "an over-aligned element differs")
    }
    return true
  }

  private mutating func placeBox(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    // Boxes have no throwing form here, so only where there is no limit and no refusal.
    guard byteLimit == .max, program.choice(1) % 4 != 0, program.choice(0) % 8 < 7 else {
      return true
    }
    let box = ArenaBox(TrackedElement(2, tracker), in: arena)
    looseTrackedCount += 1
    if operation.second % 2 == 0 { try runNested(arena) }
    if operation.second % 3 == 0 {
      let reference = box.intoArenaReference()
      try check(reference.value.value == 2, "a boxed value differs")
      frames[current].trackedCount += 1
    }
    looseTrackedCount -= 1
    return true
  }

  private mutating func openScope(_ arena: borrowing BumpArena) throws -> Bool {
    // A scope needs memory, for which there is no throwing form.
    guard frames.count < 6, program.choice(1) % 4 != 0, program.choice(0) % 8 < 7 else {
      return true
    }
    let outer = current
    frames.append(ArenaModel())
    current = frames.count - 1
    let own = current
    try arena.withScope { scope in
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
    frames.removeLast()
    current = outer
    return true
  }

  private mutating func takeCheckpoint(_ arena: borrowing BumpArena) -> Bool {
    do throws(ArenaError) {
      let checkpoint = try arena.tryCheckpoint()
      guard current == 0 else { return true }
      let frame = frames[0]
      frames[0].marks.removeAll { $0.checkpoint == checkpoint }
      frames[0].marks.append(
        ArenaModel.Mark(
          checkpoint: checkpoint, blockCount: frame.blocks.count,
          frozenCount: frame.frozen.count, trackedCount: frame.trackedCount,
          liveByteCount: arena.statistics.liveByteCount))
      return true
    } catch {
      return false
    }
  }

  private mutating func buildText(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var text = ArenaStringBuilder(in: arena)
    guard (try? text.tryReserveByteCapacity(40)) != nil else { return true }
    text.append("text ")
    text.append(operation.second)
    let frozen = text.intoArenaString()
    try check(String(copying: frozen) == "text \(operation.second)", "a text differs")
    return true
  }

  private mutating func fillDictionary(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    guard byteLimit == .max, program.choice(1) % 4 != 0, program.choice(0) % 8 < 7 else {
      return true
    }
    var table = ArenaDictionary<UInt16, UInt64>(in: arena)
    for number in 0..<operation.count % 200 { table[UInt16(number * 3), default: 5] += 1 }
    try runNested(arena)
    for number in 0..<operation.count % 200 {
      try check(table[UInt16(number * 3)] == 6, "a dictionary's value differs")
    }
    return true
  }
}

// MARK: - Comparison

extension ArenaProgramRunner {
  /// Compares everything the arena holds with the model.
  private func verify(_ arena: borrowing BumpArena) throws {
    let statistics = arena.statistics
    let tracked = frames.reduce(looseTrackedCount) { $0 + $1.trackedCount }
    let live = tracker.liveCount
    try check(live == tracked, "\(live) elements are alive instead of \(tracked)")
    try check(
      statistics.liveByteCount <= statistics.highWaterByteCount, "the high-water mark is too low")
    if byteLimit != .max {
      // Padding at the start of a chunk for an over-aligned element may exceed it.
      try check(statistics.liveByteCount <= byteLimit + 64, "the limit is passed")
    }

    var blocks: [ArenaModel.Block] = []
    for frame in frames { blocks += frame.blocks }
    for block in blocks {
      try check(block.isIntact, "an allocation of \(block.byteCount) bytes was overwritten")
    }
    blocks.sort { $0.address < $1.address }
    for (left, right) in zip(blocks, blocks.dropFirst()) {
      try check(left.address + UInt(left.byteCount) <= right.address, "allocations overlap")
    }
    if let source, program.choice(0) != 4 {
      for block in blocks {
        try check(
          source.contains(block.address, byteCount: block.byteCount),
          "an allocation is outside the chunks")
      }
    }
    // Handles are checked in the arena they belong to.
    for frozen in frames[current].frozen {
      try check(arena.isValid(frozen.handle), "a handle is not valid")
      let slice = arena[frozen.handle]
      try check(Array(copying: slice) == frozen.elements, "frozen elements differ")
    }
    if byteLimit != .max {
      let payload = blocks.reduce(0) { $0 + $1.byteCount }
      try check(payload <= byteLimit, "the limit is passed together with scopes")
    }
    if let source, frames.count == 1, program.choice(0) != 4 {
      try check(
        statistics.reservedByteCount == source.liveByteCount
          && statistics.chunkCount == source.liveChunkCount, "the chunks are not all counted")
    }
    if current == 0 {
      let payload = frames[0].blocks.reduce(0) { $0 + $1.byteCount }
      try check(statistics.liveByteCount >= payload, "fewer bytes are live than allocated")
    }
  }
}

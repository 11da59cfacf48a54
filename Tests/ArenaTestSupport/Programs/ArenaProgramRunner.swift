import ArenaCollections
import BumpArena

/// Runs a program on an arena and compares it with the model after each operation.
public struct ArenaProgramRunner {
  let operations: [ArenaProgram.Operation]
  let program: ArenaProgram
  let source: CountingChunkSource?
  let tracker = LifetimeTracker()
  private let budget: ArenaBudget?
  let byteLimit: Int
  var next = 0
  var pattern: UInt8 = 0
  /// The arena's model, then those of the scopes that are open.
  var frames = [ArenaModel()]
  /// The model of the arena or scope that operations are run on.
  var current = 0
  /// Elements in containers that are in use.
  var looseTrackedCount = 0
  /// Goes up with each checkpoint.
  var time = 0

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
    source =
      isOwnSource
      ? CountingChunkSource(refusing: refused, andAllAfter: program.choice(2) >= 128) : nil
    budget = program.choice(1) % 4 == 1 ? ArenaBudget(byteLimit: program.choice(2) * 256) : nil
    byteLimit = program.choice(3) % 4 == 0 ? program.choice(4) * 97 : .max
  }

  private var configuration: BumpArena.Configuration {
    var configuration = BumpArena.Configuration()
    configuration.firstChunkByteCount = program.choice(5) * 23
    configuration.maximumChunkByteCount = 1 << (10 + program.choice(6) % 12)
    configuration.retainedByteCount = program.choice(7) % 3 == 0 ? program.choice(7) * 512 : .max
    configuration.byteLimit = byteLimit
    configuration.budget = budget
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
    try check(budget?.reservedByteCount ?? 0 == 0, "bytes of chunks are left in the budget")
    if let source {
      try check(source.liveByteCount == 0, "\(source.liveByteCount) bytes of chunks are left")
      if let misuse = source.misuse { throw ArenaProgramFailure(description: misuse) }
    }
  }

  func check(_ isTrue: Bool, _ message: @autoclosure () -> String) throws {
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
        try check(statistics.pendingDeinitializationCount == 0, "drops are pending after a reset")
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

  /// Resets the arena after the last use of containers that are destroyed only when this returns,
  /// with something else in their place.
  private mutating func resetBeforeContainersGo(
    _ arena: inout BumpArena, _ operation: ArenaProgram.Operation
  ) {
    var array = ArenaArray<TrackedElement>(in: arena)
    for number in 0..<operation.second % 40 {
      guard (try? array.tryReserveCapacity(adding: 1)) != nil else { break }
      array.append(TrackedElement(number, tracker))
    }
    // The end of the array's life, below, does nothing.
    arena.reset()
    _ = try? arena.tryAllocate(repeating: UInt8.max, count: operation.second % 2_000)
  }

  /// Runs operations until one ends an array or a scope.
  mutating func runNested(_ arena: borrowing BumpArena) throws {
    while next < operations.count {
      if operations[next].kind == .end {
        next += 1
        return
      }
      try step(arena)
    }
  }

  /// Runs one operation and those nested in it.
  mutating func step(_ arena: borrowing BumpArena) throws {
    let operation = operations[next]
    next += 1
    pattern &+= 1
    let before = arena.statistics
    let wasDone = try perform(operation, in: arena)
    if !wasDone {
      let after = arena.statistics
      try check(after.liveByteCount == before.liveByteCount, "a refused operation left bytes")
      try check(
        after.pendingDeinitializationCount == before.pendingDeinitializationCount,
        "a refused operation left drops")
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
    case .allocateVectors:
      return try allocate(SIMD8<Double>(repeating: 7), operation.count % 300, in: arena)
    case .allocateValue: return try allocateValue(operation, in: arena)
    case .copy: return try copy(operation.count, in: arena)
    case .generate: return try generate(operation.count, in: arena)
    case .failingInitializer: return try failInitializer(operation, in: arena)
    case .nestedInitializer: return try nestInitializer(operation, in: arena)
    case .arrayOfWords: return try growWords(operation, in: arena)
    case .arrayOfTracked: return try growTracked(operation, in: arena)
    case .arrayOfVectors: return try growVectors(operation, in: arena)
    case .box: return try placeBox(operation, in: arena)
    case .scope: return try openScope(arena)
    case .checkpoint: return takeCheckpoint(arena)
    case .text: return try buildText(operation, in: arena)
    case .dictionary: return try fillDictionary(operation, in: arena)
    case .editWords: return try editWords(operation, in: arena)
    case .editTracked: return try editTracked(operation, in: arena)
    case .interner: return try internNames(operation, in: arena)
    case .stringDictionary: return try fillStringDictionary(operation, in: arena)
    case .end, .reset, .trim, .rewind: return true
    }
  }
}

// MARK: - Comparison

extension ArenaProgramRunner {
  /// Compares everything the arena holds with the model.
  mutating func verify(_ arena: borrowing BumpArena) throws {
    let statistics = arena.statistics
    let tracked = frames.reduce(looseTrackedCount) { $0 + $1.trackedCount }
    let live = tracker.liveCount
    try check(live == tracked, "\(live) elements are alive instead of \(tracked)")
    try check(
      statistics.liveByteCount <= statistics.highWaterByteCount, "the high-water mark is too low")
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
    // Exactly: no type is aligned to more than the start of a chunk is, so padding is known before.
    frames[current].liveByteCount = statistics.liveByteCount
    let allLive = frames.reduce(0) { $0 + $1.liveByteCount }
    try check(allLive <= byteLimit, "the limit is passed, together with scopes")
    let payload = blocks.reduce(0) { $0 + $1.byteCount }
    try check(allLive >= payload, "fewer bytes are live than allocated")
    if let source, frames.count == 1, program.choice(0) != 4 {
      try check(
        statistics.reservedByteCount == source.liveByteCount
          && statistics.chunkCount == source.liveChunkCount, "the chunks are not all counted")
      try check(
        budget?.reservedByteCount ?? source.liveByteCount == source.liveByteCount,
        "the budget counts other chunks")
    }
  }
}

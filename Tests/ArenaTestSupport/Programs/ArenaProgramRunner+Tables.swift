import ArenaCollections
import BumpArena

// Tables: entries are added and removed, with operations on the arena in between.
extension ArenaProgramRunner {
  mutating func fillDictionary(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var table = ArenaDictionary<UInt16, UInt64>(in: arena)
    try? table.tryReserveCapacity(operation.initialCapacity)
    var entries: [UInt16: UInt64] = [:]
    for number in 0..<operation.count % 200 {
      let key = UInt16(number * 3)
      if (try? table.tryReserveCapacity(adding: 1)) != nil {
        table.insertValue(5, forKey: key)
        entries[key] = 5
      }
      // Changing an entry needs no memory.
      if entries[key] != nil {
        table[key, default: 0] += 1
        entries[key] = 6
      }
      if number % 7 == 3 {
        let gone = UInt16(number / 2 * 3)
        try check(
          table.removeValue(forKey: gone) == entries.removeValue(forKey: gone),
          "a dictionary's removed value differs")
      }
    }
    try runNested(arena)
    try check(table.count == entries.count, "a dictionary has another number of entries")
    for number in 0..<operation.count % 200 {
      let key = UInt16(number * 3)
      try check(table[key] == entries[key], "a dictionary's value differs")
    }
    return true
  }

  mutating func internNames(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var random = SeededGenerator(seed: UInt64(operation.second))
    var names = StringInterner(in: arena)
    try? names.tryReserveCapacity(operation.initialCapacity)
    var known: [String] = []
    let count = operation.count % 100
    for number in 0..<count {
      if number == count / 2 { try runNested(arena) }
      let long = String(repeating: "-", count: Int.random(in: 0..<40, using: &random))
      let name = "\(random.next() % 20)\(number % 4 == 0 ? long : "")"
      let place = known.firstIndex(of: name)
      let isReserved =
        (try? names.tryReserveCapacity(adding: 1, byteCount: name.utf8.count)) != nil
      if isReserved || place != nil {
        let id = names.intern(name)
        try check(Int(id.rawValue) == place ?? known.count, "a text has another number")
        if place == nil { known.append(name) }
      }
    }
    try check(names.count == known.count, "an interner has another number of texts")
    for (position, name) in known.enumerated() {
      let text = names.text(of: names.id(at: position))
      try check(text == name && names.id(of: name) != nil, "a text in an interner differs")
    }
    return true
  }

  mutating func fillStringDictionary(
    _ operation: ArenaProgram.Operation, in arena: borrowing BumpArena
  ) throws -> Bool {
    var random = SeededGenerator(seed: UInt64(operation.second))
    var table = ArenaStringDictionary<TrackedElement>(in: arena)
    let isReserved = (try? table.tryReserveCapacity(operation.initialCapacity)) != nil
    var reservedCount = isReserved ? operation.initialCapacity : 0
    var entries: [(key: String, value: Int)] = []
    // When the storage of the values was allocated; it is told by its address.
    var birth = time
    var storage: UInt?
    let count = operation.count % 60
    for number in 0..<count {
      if number == count / 2 { try runNested(arena) }
      let before = entries.count
      try change(&table, &entries, to: number, using: &random)
      looseTrackedCount += entries.count - before
      guard !entries.isEmpty else { continue }
      // SAFETY: only the address is looked at.
      let address = unsafe table.values.span.withUnsafeBufferPointer {
        UInt(bitPattern: $0.baseAddress)
      }
      let isOther = storage.map { $0 != address } ?? (entries.count > reservedCount)
      if isOther { birth = time }
      storage = address
      reservedCount = max(reservedCount, entries.count)
    }
    try check(table.count == entries.count, "a dictionary of text has another number of entries")
    for (position, entry) in entries.enumerated() {
      let isEqual = table.values[position].value == entry.value
      try check(isEqual && table.key(at: position) == entry.key, "an entry of a text differs")
    }
    looseTrackedCount -= entries.count
    if operation.first % 2 == 0 {
      table.destroy()
    } else {
      frames[current].tracked.append(ArenaModel.Tracked(count: entries.count, birth: birth))
    }
    return true
  }

  /// Changes a table in one way of many, if the memory is there.
  private func change(
    _ table: inout ArenaStringDictionary<TrackedElement>,
    _ entries: inout [(key: String, value: Int)], to number: Int,
    using random: inout SeededGenerator
  ) throws {
    let key = "key \(random.next() % 30)"
    let place = entries.firstIndex { $0.key == key }
    switch random.next() % 5 {
    case 0:
      let removed = table.removeValue(forKey: key)
      try check((removed == nil) == (place == nil), "a removed key was there, or was not")
      guard let place else { break }
      entries.swapAt(place, entries.count - 1)
      entries.removeLast()
    case 1, 2:
      guard place != nil || hasRoom(for: key, in: &table) else { break }
      let old = table.updateValue(TrackedElement(number, tracker), forKey: key)
      try check((old == nil) == (place == nil), "a replaced value was there, or was not")
      if let place { entries[place].value = number } else { entries.append((key, number)) }
    default:
      guard place != nil || hasRoom(for: key, in: &table) else { break }
      if let rejected = table.insertValue(TrackedElement(number, tracker), forKey: key) {
        try check(place != nil && rejected.value == number, "a value was rejected, or is another")
      } else {
        try check(place == nil, "a value for a key that is there vanished")
      }
      let index = table.index(forKey: key)
      try check(index == place ?? entries.count, "a key has another position")
      if place == nil { entries.append((key, number)) }
    }
  }

  /// Reserves the memory for an entry, and returns whether that was granted.
  private func hasRoom(
    for key: String, in table: inout ArenaStringDictionary<TrackedElement>
  ) -> Bool {
    (try? table.tryReserveCapacity(adding: 1, keyByteCount: key.utf8.count)) != nil
  }
}

import ArenaTestSupport
import Foundation
import LMDB
import Testing

@testable import IndexerPipeline

/// Random interleavings of everything that is done with open indexes, against a model of their
/// states.
@Suite struct IndexManagerModelTests {
  /// In a process of its own: what other tests map would be in the listing, or keep lines out of
  /// it.
  @Test func equalsTheModelOfStates() async {
    await #expect(processExitsWith: .success) {
      for seed in 0..<16 as Range<UInt64> { try Self.run(seed: seed) }
    }
  }

  private static func run(seed: UInt64) throws {
    let directory = TemporaryDirectory()
    var program = try ManagerProgram(seed: seed, in: directory)
    for step in 0..<250 {
      try program.step()
      if let problem = program.disagreement() {
        let text = "seed \(seed), step \(step), \(program.last): \(problem)\n"
        FileHandle.standardError.write(Data(text.utf8))
        exit(1)
      }
    }
  }
}

/// A manager beside its model. One thread does what several clients would do, in an order that the
/// seed decides; nothing waits, so what would have to wait is refused.
private struct ManagerProgram {
  /// What the model knows about an open index.
  private struct Open {
    var mapByteCount: Int
    var leaseCount = 0
    /// When it became idle.
    var generation = 0
    var isReadOnly: Bool
    var isRetired = false
  }

  private static let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]

  private var generator: SeededGenerator
  private let directory: TemporaryDirectory
  private let budget: AddressSpaceBudget
  private let manager: IndexManager
  private let faults = Faults()
  private var leases: [Lease] = []
  private var open: [String: Open] = [:]
  private var generation = 0
  private var removed: [String] = []
  /// What was done last, for messages.
  private(set) var last = ""

  /// A lease by name; ~Copyable values cannot be elements of an array.
  private final class Lease {
    let name: String
    var lease: IndexLease?
    init(_ name: String, _ lease: consuming IndexLease) {
      self.name = name
      self.lease = consume lease
    }
  }

  /// What goes wrong next, and what has been removed.
  private final class Faults: @unchecked Sendable {
    var failsToMap = false
    var removed: [String] = []
  }

  init(seed: UInt64, in directory: TemporaryDirectory) throws {
    generator = SeededGenerator(seed: seed)
    self.directory = directory
    budget = AddressSpaceBudget(
      byteCount: 14 << 20, maximumEnvironmentCount: 6, patience: .zero)
    let (budget, faults) = (budget, faults)
    manager = IndexManager(budget: budget, ownPatience: .zero) {
      (name, place, access) throws(IndexerError) in
      // The account is asked, and then the system refuses the map.
      guard !faults.failsToMap else {
        // The budget has room, and then the system refuses the map.
        let account = UnderstatingAccount(budget, mapByteCount: Self.mapByteCount(name))
        return try IndexConnection(
          name: name, directory: directory.file(place), mapByteCount: 1 << 47,
          isReadOnly: access == .readOnly, account: account)
      }
      return try IndexConnection(
        name: name, directory: directory.file(place), mapByteCount: Self.mapByteCount(name),
        isReadOnly: access == .readOnly, account: budget)
    }
    for name in Self.names { try makeIndex(name) }
  }

  private static func mapByteCount(_ name: String) -> Int {
    (1 + (names.firstIndex(of: name) ?? 0) % 4) << 20
  }

  private func makeIndex(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory.file(name), withIntermediateDirectories: true)
    _ = try IndexConnection(
      name: name, directory: directory.file(name), mapByteCount: 1 << 20)
  }

  private var used: Int { open.values.reduce(0) { $0 + $1.mapByteCount } }

  /// The idle index that was used longest ago.
  private var oldestIdle: String? {
    open.filter { $0.value.leaseCount == 0 }.min { $0.value.generation < $1.value.generation }?.key
  }

  /// Makes room in the model as the manager should. Returns `false` if there is none.
  private mutating func makeRoom(_ byteCount: Int, environments: Int) -> Bool {
    guard byteCount <= budget.byteCount else { return false }
    while used + byteCount > budget.byteCount
      || open.count + environments > budget.maximumEnvironmentCount
    {
      guard let victim = oldestIdle else { return false }
      open[victim] = nil
    }
    return true
  }

  mutating func step() throws {
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<45: try lease()
    case 45..<80: release()
    case 80..<88: grow()
    case 88..<94: try drop()
    case 94..<97: evict()
    default: closeIdle()
    }
  }

  private mutating func lease() throws {
    guard let name = Self.names.randomElement(using: &generator) else { return }
    faults.failsToMap = Int.random(in: 0..<8, using: &generator) == 0
    defer { faults.failsToMap = false }
    let access = Int.random(in: 0..<3, using: &generator) == 0 ? IndexAccess.readWrite : .readOnly
    last = "lease \(name) for \(access)\(faults.failsToMap ? ", which fails to map" : "")"
    let expected: IndexerError.Code?
    if let known = open[name], known.isRetired || !known.isReadOnly || access == .readOnly {
      expected = known.isRetired ? .notFound : nil
    } else if let known = open[name], known.leaseCount > 0 {
      // The readers are this thread, which does not end them while it waits.
      expected = .busy
    } else {
      // One that is open for reading only is closed and opened again.
      open[name] = nil
      let hasRoom = makeRoom(Self.mapByteCount(name), environments: 1)
      expected = hasRoom && !faults.failsToMap ? nil : .outOfMemory
      if expected == nil {
        open[name] = Open(
          mapByteCount: Self.mapByteCount(name), isReadOnly: access == .readOnly)
      }
    }
    var code: IndexerError.Code?
    do throws(IndexerError) {
      leases.append(Lease(name, try manager.lease(name, in: name, access, for: "test")))
      open[name]?.leaseCount += 1
    } catch {
      code = error.code
      last += ": \(error)"
    }
    #expect(code == expected, "\(last)")
  }

  private mutating func release() {
    guard let index = leases.indices.randomElement(using: &generator) else { return }
    let name = leases.remove(at: index).name
    last = "release \(name)"
    open[name]?.leaseCount -= 1
    guard open[name]?.leaseCount == 0 else { return }
    if open[name]?.isRetired == true {
      open[name] = nil
      removed.append(name)
    } else {
      generation += 1
      open[name]?.generation = generation
      // Few stay open for writing when they are idle.
      let writable = open.filter { $0.value.leaseCount == 0 && !$0.value.isReadOnly }
        .sorted { $0.value.generation < $1.value.generation }
      for (name, _) in writable.dropLast(4) { open[name] = nil }
    }
  }

  private mutating func grow() {
    guard let lease = leases.randomElement(using: &generator) else { return }
    let name = lease.name
    let old = open[name]?.mapByteCount ?? 0
    let new = old + Int.random(in: 1...3, using: &generator) << 20
    last = "grow \(name) to \(new)"
    let isPossible = makeRoom(new - old, environments: 0)
    var hasGrown = false
    do throws(LMDBError) {
      try lease.lease?.connection.environment.setMapByteCount(new)
      hasGrown = true
    } catch {
      #expect(error.code == .outOfMemory)
    }
    #expect(hasGrown == isPossible, "\(last)")
    if hasGrown { open[name]?.mapByteCount = new }
  }

  private mutating func drop() throws {
    guard let name = Self.names.randomElement(using: &generator) else { return }
    guard open[name]?.isRetired != true else { return }
    last = "drop \(name)"
    let faults = faults
    manager.retire(name, patience: .zero) { faults.removed.append(name) }
    if open[name]?.leaseCount ?? 0 > 0 {
      open[name]?.isRetired = true
    } else {
      open[name] = nil
      removed.append(name)
    }
  }

  private mutating func evict() {
    last = "evict"
    guard let victim = oldestIdle else {
      #expect(manager.oldestIdle() == nil)
      return
    }
    guard let candidate = manager.oldestIdle() else {
      Issue.record("there is an idle index, \(victim)")
      return
    }
    #expect(candidate.slot.directory == victim)
    #expect(manager.close(candidate.slot))
    open[victim] = nil
  }

  private mutating func closeIdle() {
    last = "close idle"
    let idle = open.filter { $0.value.leaseCount == 0 }
    #expect(manager.closeIdle() == idle.count)
    for name in idle.keys { open[name] = nil }
  }

  /// What differs between the manager and its model, if anything.
  func disagreement() -> String? {
    let usage = budget.currentUsage
    let uses = Dictionary(uniqueKeysWithValues: manager.uses().map { ($0.name, $0) })
    if Set(uses.keys) != Set(open.keys) {
      return "open: \(uses.keys.sorted()), \(open.keys.sorted())"
    }
    for (name, use) in uses where use.holders.count != open[name]?.leaseCount {
      return "leases of \(name): \(use.holders.count)"
    }
    if usage.mapByteCount != used || usage.environmentCount != open.count { return "\(usage)" }
    if usage.peakMapByteCount > budget.byteCount { return "over the budget: \(usage)" }
    let mapped = MappedFiles.byteCount(under: directory.path)
    if mapped != used { return "mapped \(mapped), charged \(used)" }
    return faults.removed == removed ? nil : "removed: \(faults.removed), \(removed)"
  }
}

/// Charges less than what is going to be mapped.
private final class UnderstatingAccount: MapAccount {
  private let budget: AddressSpaceBudget
  private let mapByteCount: Int

  init(_ budget: AddressSpaceBudget, mapByteCount: Int) {
    self.budget = budget
    self.mapByteCount = mapByteCount
  }

  func admit(mapByteCount: Int, path: String, waits: Bool) throws(LMDBError) {
    try budget.admit(mapByteCount: self.mapByteCount, path: path, waits: waits)
  }

  func charge(_ byteCount: Int, path: String, waits: Bool) throws(LMDBError) {}
  func refund(_ byteCount: Int) {}
  func release(mapByteCount: Int) { budget.release(mapByteCount: self.mapByteCount) }
}

/// What /proc/self/maps shows.
enum MappedFiles {
  /// The bytes of the maps of environments in a directory. Exact if nothing is mapped or unmapped
  /// meanwhile.
  static func byteCount(under path: String) -> Int {
    read().split(separator: "\n").reduce(0) { sum, line in
      guard line.contains(path), line.hasSuffix("data.mdb") else { return sum }
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { Int($0, radix: 16) }
      return ends.count == 2 ? sum + ends[1] - ends[0] : sum
    }
  }

  /// The listing, which comes in pieces: memory for it is there before the first one, because
  /// making room in between would change it.
  private static func read() -> String {
    // SAFETY: the path is passed as a C string; each read writes within the buffer.
    let descriptor = unsafe open("/proc/self/maps", O_RDONLY)
    defer { close(descriptor) }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4 << 20) { buffer, count in
      while count < buffer.count {
        let start = unsafe buffer.baseAddress.map { unsafe $0 + count }
        let read = unsafe Foundation.read(descriptor, start, buffer.count - count)
        if read <= 0 { break }
        count += read
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

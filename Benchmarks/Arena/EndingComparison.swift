import ArenaCollections
import ArgumentParser
import BumpArena

/// What it costs to be rid of short-lived arrays of elements that own something.
struct EndingComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endings",
    abstract: "Compare ways to end arrays of elements that own something.",
    discussion: """
      An array of eight elements with a heap array each is made again and again. The end of its life does nothing: its elements are \
      deinitialized with 'destroy()', by a reset, or at the end of a scope. Each row is the median of nine runs in turns.
      """)

  /// An element that owns heap memory.
  private struct Payload: ArenaDroppable {
    var operations: [Int]
  }

  private struct Ending {
    var name: String
    var isDestroyed = false
    var isInScope = false
    var arraysPerReset = Int.max
  }

  @Option(help: "The number of arrays in a run.")
  var count = 300_000

  func validate() throws {
    guard count > 0 else { throw ValidationError("'--count' has to be positive") }
  }

  func run() {
    let endings = [
      Ending(name: "destroyed, each with destroy()", isDestroyed: true),
      Ending(name: "left, the arena reset after each", arraysPerReset: 1),
      Ending(name: "left, the arena reset after every hundred", arraysPerReset: 100),
      Ending(name: "left, in a scope each", isInScope: true),
      Ending(name: "left, the arena reset at the end"),
    ]
    var seconds = [[Double]](repeating: [], count: endings.count)
    var byteCounts = [Int](repeating: 0, count: endings.count)
    for _ in 0..<9 {
      for (index, ending) in endings.enumerated() {
        var arena = BumpArena()
        let result = timed { build(&arena, ending) }
        seconds[index].append(result.seconds)
        byteCounts[index] = arena.statistics.highWaterByteCount
      }
    }
    var table = Table(columns: ["arrays that are …", "ns", "bytes in the arena"])
    for (index, ending) in endings.enumerated() {
      let nanoseconds = Int(seconds[index].median / Double(count) * 1e9)
      table.add([ending.name, String(nanoseconds), String(byteCounts[index])])
    }
    print(table.text)
  }

  /// Makes the arrays, ends them, and returns the number of their elements.
  private func build(_ arena: inout BumpArena, _ ending: Ending) -> UInt64 {
    var elementCount = 0
    for number in 0..<count {
      if ending.isInScope {
        elementCount += arena.withScope { fill($0, number, isDestroyed: false) }
      } else {
        elementCount += fill(arena, number, isDestroyed: ending.isDestroyed)
      }
      if number % ending.arraysPerReset == ending.arraysPerReset - 1 { arena.reset() }
    }
    // What is left by then is deinitialized in time that counts.
    arena.reset()
    return UInt64(elementCount)
  }

  @inline(never)
  private func fill(_ arena: borrowing BumpArena, _ number: Int, isDestroyed: Bool) -> Int {
    var payloads = ArenaArray<Payload>(in: arena)
    for position in 0..<8 { payloads.append(Payload(operations: [number, position, 3])) }
    let count = payloads.count
    if isDestroyed { payloads.destroy() }
    return count
  }
}

import ArenaCollections
import BumpArena
import Synchronization

/// How many of the elements that the tour makes are alive.
enum LiveObjects {
  private static let counter = Atomic(0)

  static var count: Int { counter.load(ordering: .relaxed) }

  /// Heap memory of an element's own, counted.
  final class Buffer: Sendable {
    let bytes: [UInt8]

    init(byteCount: Int) {
      bytes = Array(repeating: 1, count: byteCount)
      counter.wrappingAdd(1, ordering: .relaxed)
    }

    deinit { counter.wrappingSubtract(1, ordering: .relaxed) }
  }
}

extension Pitfall {
  private struct Payload: ArenaDroppable {
    let buffer: LiveObjects.Buffer
  }

  private static let documentCount = 10_000
  private static let roundCount = 10

  static let frozenSlice = Pitfall(
    name: "frozen-slice",
    title: "The frozen slice whose elements nobody deinitializes",
    why: """
      An arena takes its memory back without looking at what is in it. If an element owns a heap buffer, the buffer's only owner is gone, and \
      nothing frees it. A search engine leaked in this way for 15 months: one buffer for each document.
      """,
    wrong: """
      struct Operations {
        var bytes: [UInt8]  // heap memory of its own
      }

      func freezeRaw(_ count: Int, in memory: UnsafeMutableRawPointer) -> UnsafeBufferPointer<Operations> {
        let start = memory.bindMemory(to: Operations.self, capacity: count)
        for index in 0..<count {
          (start + index).initialize(to: Operations(bytes: Array(repeating: 1, count: 4096)))
        }
        return UnsafeBufferPointer(start: start, count: count)  // who calls deinitialize?
      }
      """,
    wrongFigures: {
      let before = residentByteCount()
      var arena = BumpArena()
      for _ in 0..<roundCount {
        freezeRaw(in: arena)
        arena.reset()
      }
      return [
        Figure("rounds, with a reset after each", roundCount),
        Figure("documents in each", documentCount),
        Figure("buffers still alive", LiveObjects.count),
        Figure("resident memory gained", bytes: residentByteCount() - before),
      ]
    },
    right: """
      import ArenaCollections
      import BumpArena

      struct Operations: ArenaDroppable {  // the arena runs the deinitializer
        var bytes: [UInt8]
      }

      func freeze(_ count: Int, in arena: borrowing BumpArena) {
        var operations = ArenaArray<Operations>(in: arena, capacity: count)
        for _ in 0..<count { operations.append(Operations(bytes: Array(repeating: 1, count: 4096))) }
        let frozen = operations.intoArenaSlice()
        print(frozen.count)
      }
      """,
    rightFigures: {
      let before = residentByteCount()
      var arena = BumpArena()
      for _ in 0..<roundCount {
        freeze(in: arena)
        arena.reset()
      }
      return [
        Figure("rounds, with a reset after each", roundCount),
        Figure("documents in each", documentCount),
        Figure("buffers still alive", LiveObjects.count),
        Figure("resident memory gained", bytes: residentByteCount() - before),
      ]
    },
    rejected: """
      import ArenaCollections
      import BumpArena

      struct Operations {
        var bytes: [UInt8]
      }

      func leak(_ arena: borrowing BumpArena) {
        var operations = ArenaArray<Operations>(in: arena)  // error
        operations.append(Operations(bytes: []))
      }
      """)

  private static func freezeRaw(in arena: borrowing BumpArena) {
    let bytes = arena.allocate(
      repeating: UInt64(0), count: documentCount * MemoryLayout<Payload>.stride / 8)
    unsafe bytes.span.withUnsafeBytes { buffer in
      // SAFETY: there is room for as many, aligned as pointers are. Nothing deinitializes them.
      let start = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress.unsafelyUnwrapped)
        .bindMemory(to: Payload.self, capacity: documentCount)
      for index in 0..<documentCount {
        unsafe (start + index).initialize(
          to: Payload(buffer: LiveObjects.Buffer(byteCount: 4_096)))
      }
    }
  }

  private static func freeze(in arena: borrowing BumpArena) {
    var payloads = ArenaArray<Payload>(in: arena, capacity: documentCount)
    for _ in 0..<documentCount {
      payloads.append(Payload(buffer: LiveObjects.Buffer(byteCount: 4_096)))
    }
    _ = payloads.intoArenaSlice()
  }
}

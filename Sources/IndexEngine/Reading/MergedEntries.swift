import LMDB
import SegmentFormat
@_spi(Internals) import SystemSupport

/// Merges streams: at each step, the entries of all streams that have the lowest key.
struct MergedEntries {
  let streams: [EntryStream]
  /// Streams that are not at their end, as a heap with the lowest key at the root (Williams, 1964).
  private var heap: [Int] = []
  /// The streams that have the current key, in order.
  private(set) var current: [Int] = []
  /// The current key.
  private(set) var key: [UInt8] = []

  /// Stands before the first entry at or after `key`.
  init(
    _ streams: [EntryStream], from key: [UInt8]?, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) {
    self.streams = streams
    for index in streams.indices where try streams[index].start(from: key, in: transaction) {
      push(index)
    }
  }

  /// The field and the term of the current entries of ``EntryStream/terms(of:fields:)``.
  var fieldAndTerm: (field: Int, term: String)? {
    let count = EntryStream.wideFieldByteCount
    guard key.count > count, let field = BigEndian.uint32(key.span, at: key.count - count)
    else { return nil }
    return (Int(field), String(decoding: key.dropLast(count + 1), as: UTF8.self))
  }

  /// Moves to the next key. Returns `false` at the end.
  mutating func next(in transaction: borrowing ReadTransaction) throws(IndexerError) -> Bool {
    for index in current where try streams[index].next(in: transaction) { push(index) }
    current.removeAll(keepingCapacity: true)
    guard let first = heap.first else { return false }
    key.removeAll(keepingCapacity: true)
    // SAFETY: no method of a stream is called while its key is read, here and below.
    unsafe key.append(contentsOf: streams[first].key)
    while let top = heap.first, unsafe streams[top].key == key {
      current.append(top)
      pop()
    }
    current.sort()
    return true
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    unsafe streams[left].key.compare(streams[right].key) < 0
  }

  private mutating func push(_ stream: Int) {
    heap.append(stream)
    var child = heap.count - 1
    while child > 0, precedes(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() {
    heap[0] = heap[heap.count - 1]
    heap.removeLast()
    var root = 0
    while true {
      var child = 2 * root + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], heap[root]) else { return }
      heap.swapAt(root, child)
      root = child
    }
  }
}

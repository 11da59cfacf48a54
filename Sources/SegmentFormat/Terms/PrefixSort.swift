import ArenaCollections
import BumpArena

/// Sorts numbered byte strings by eight bytes of each, and looks at the strings only where those
/// are the same.
///
/// A radix sort from the least significant byte on, with passes left out in which all items have
/// the same byte (Knuth, The Art of Computer Programming 3, algorithm 5.2.5R).
enum PrefixSort {
  /// The number of a string beside eight of its bytes as a big-endian number, zeros after its end.
  struct Item: BitwiseCopyable {
    var prefix: UInt64
    var number: UInt32
  }

  private static let digitCount = 8

  /// The numbers of all items in order.
  ///
  /// - Parameters:
  ///   - items: What to sort, in the order that equal ones keep.
  ///   - arena: Where the result and the working space live.
  ///   - isOrdered: Whether one of two strings with the same prefix belongs before the other.
  @_lifetime(borrow arena)
  static func numbersInOrder(
    _ items: consuming ArenaArray<Item>, in arena: borrowing BumpArena,
    _ isOrdered: (UInt32, UInt32) -> Bool
  ) -> ArenaArray<UInt32> {
    var other = ArenaArray<Item>(in: arena)
    other.append(repeating: Item(prefix: 0, number: 0), count: items.count)
    let isInItems = sort(&items, &other, in: arena)
    var order = ArenaArray<UInt32>(in: arena, minimumCapacity: items.count)
    if isInItems {
      finish(items, &order, isOrdered)
    } else {
      finish(other, &order, isOrdered)
    }
    return order
  }

  /// Sorts by prefix, with both arrays as working space. Returns whether the result is in the
  /// first.
  private static func sort(
    _ items: inout ArenaArray<Item>, _ other: inout ArenaArray<Item>, in arena: borrowing BumpArena
  ) -> Bool {
    var counts = ArenaArray<UInt32>(in: arena)
    counts.append(repeating: 0, count: digitCount * 256)
    for index in items.indices {
      var prefix = items[index].prefix
      for digit in 0..<digitCount {
        counts[digit * 256 + Int(prefix & 0xff)] &+= 1
        prefix >>= 8
      }
    }
    var isInItems = true
    for digit in 0..<digitCount {
      var sum: UInt32 = 0
      var largest: UInt32 = 0
      for value in digit * 256..<digit * 256 + 256 {
        let count = counts[value]
        largest = max(largest, count)
        counts[value] = sum
        sum += count
      }
      if Int(largest) == items.count { continue }
      if isInItems {
        distribute(items, to: &other, byDigit: digit, from: &counts)
      } else {
        distribute(other, to: &items, byDigit: digit, from: &counts)
      }
      isInItems.toggle()
    }
    return isInItems
  }

  private static func distribute(
    _ items: borrowing ArenaArray<Item>, to result: inout ArenaArray<Item>, byDigit digit: Int,
    from starts: inout ArenaArray<UInt32>
  ) {
    let shift = UInt64(digit * 8)
    for index in items.indices {
      let item = items[index]
      let value = digit * 256 + Int(item.prefix &>> shift & 0xff)
      result[Int(starts[value])] = item
      starts[value] &+= 1
    }
  }

  /// Puts strings with the same prefix in order.
  private static func finish(
    _ items: borrowing ArenaArray<Item>, _ order: inout ArenaArray<UInt32>,
    _ isOrdered: (UInt32, UInt32) -> Bool
  ) {
    var start = 0
    while start < items.count {
      var end = start + 1
      while end < items.count, items[end].prefix == items[start].prefix { end += 1 }
      for index in start..<end { order.append(items[index].number) }
      if end - start > 1 { order.sort(start..<end, by: isOrdered) }
      start = end
    }
  }
}

extension ArenaArray<UInt32> {
  /// Sorts a part in place: by insertion if it is short or in order already, else as a heap, which
  /// needs no memory.
  @_lifetime(self: copy self)
  fileprivate mutating func sort(_ part: Range<Int>, by isOrdered: (UInt32, UInt32) -> Bool) {
    let start = part.lowerBound
    var end = start + 1
    while end < part.upperBound {
      let number = self[end]
      if end - start > 16, isOrdered(number, self[end - 1]) { break }
      var place = end
      while place > start, isOrdered(number, self[place - 1]) {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = number
      end += 1
    }
    guard end < part.upperBound else { return }
    for root in stride(from: part.count / 2 - 1, through: 0, by: -1) {
      siftDown(root, in: part, isOrdered)
    }
    for end in stride(from: part.upperBound - 1, to: start, by: -1) {
      swapAt(start, end)
      siftDown(0, in: start..<end, isOrdered)
    }
  }

  /// Restores the heap below `root` (Williams, 1964).
  @_lifetime(self: copy self)
  private mutating func siftDown(
    _ root: Int, in part: Range<Int>, _ isOrdered: (UInt32, UInt32) -> Bool
  ) {
    let start = part.lowerBound
    var root = root
    while true {
      var child = 2 * root + 1
      guard child < part.count else { return }
      if child + 1 < part.count, isOrdered(self[start + child], self[start + child + 1]) {
        child += 1
      }
      guard isOrdered(self[start + root], self[start + child]) else { return }
      swapAt(start + root, start + child)
      root = child
    }
  }
}

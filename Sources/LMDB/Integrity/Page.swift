/// A page of a file, as bytes that are not trusted: nothing is read beyond them.
///
/// The layout is that of LMDB 0.9 on a 64-bit little-endian machine (`mdb.c`: `MDB_page`,
/// `MDB_node`):
/// ```
///  header   number, 8 │ padding, 2 │ flags, 2 │ lower, 2 │ upper, 2 │ offsets of nodes, 2 each
///  node     size or child, 6 │ key byte count, 2 │ key │ value
/// ```
/// The offsets end at `lower`. Of the six bytes of a node, a leaf has four and two of flags.
/// Nodes fill the page from `upper` to its end. A value that does not fit lies in pages of its own,
/// whose header has the number of pages in the place of `lower` and `upper`; the node has the
/// number of the first.
struct Page {
  static let headerByteCount = 16
  static let nodeHeaderByteCount = 8

  /// The flags of a page, of which it has exactly one.
  enum Kind: UInt16 {
    case branch = 0x01
    case leaf = 0x02
    case overflow = 0x04
    case meta = 0x08
  }

  /// The flags of a leaf's node.
  enum NodeFlags {
    static let isElsewhere = 0x01
    static let isTable = 0x02
  }

  var bytes: [UInt8]

  init(byteCount: Int) { bytes = [UInt8](repeating: 0, count: byteCount) }

  /// The little-endian number at an offset.
  func number(at offset: Int, byteCount: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in (offset..<offset + byteCount).reversed() {
      number = number << 8 | UInt64(bytes[index])
    }
    return number
  }

  func integer(at offset: Int, byteCount: Int) -> Int {
    Int(truncatingIfNeeded: number(at: offset, byteCount: byteCount))
  }

  var pageNumber: UInt64 { number(at: 0, byteCount: 8) }
  var kind: Kind? { Kind(rawValue: UInt16(truncatingIfNeeded: number(at: 10, byteCount: 2))) }
  var lower: Int { integer(at: 12, byteCount: 2) }
  var upper: Int { integer(at: 14, byteCount: 2) }
  /// Whether it is an overflow page, be it one that has not been written yet.
  var isOverflow: Bool { integer(at: 10, byteCount: 2) & ~0x10 == Int(Kind.overflow.rawValue) }
  /// Of an overflow page: how many pages the value has.
  var overflowPageCount: Int { integer(at: 12, byteCount: 4) }

  /// Where a node starts.
  func nodeOffset(_ index: Int) -> Int {
    integer(at: Self.headerByteCount + 2 * index, byteCount: 2)
  }
}

/// A node of a page that was checked to lie in it.
struct PageNode {
  let key: Range<Int>
  /// The bytes after the key: a value, or the number of the page where it is.
  let rest: Range<Int>
  /// Of a branch.
  let child: UInt64
  /// Of a leaf.
  let valueByteCount: Int
  let isElsewhere: Bool
  let isTable: Bool

  /// Reads the node at `offset`, or returns `nil` if it does not fit into the page or is of no
  /// known kind.
  init?(_ page: Page, at offset: Int, isLeaf: Bool) {
    guard offset >= Page.headerByteCount, offset % 2 == 0,
      offset + Page.nodeHeaderByteCount <= page.bytes.count
    else { return nil }
    let keyByteCount = page.integer(at: offset + 6, byteCount: 2)
    let keyStart = offset + Page.nodeHeaderByteCount
    let keyEnd = keyStart + keyByteCount
    guard keyByteCount <= Database.maximumKeyByteCount, keyEnd <= page.bytes.count else {
      return nil
    }
    key = keyStart..<keyEnd
    guard isLeaf else {
      child = page.number(at: offset, byteCount: 6)
      (rest, valueByteCount, isElsewhere, isTable) = (keyEnd..<keyEnd, 0, false, false)
      return
    }
    child = 0
    valueByteCount = page.integer(at: offset, byteCount: 4)
    let flags = page.integer(at: offset + 4, byteCount: 2)
    isElsewhere = flags == Page.NodeFlags.isElsewhere
    isTable = flags == Page.NodeFlags.isTable
    guard flags == 0 || isElsewhere || isTable else { return nil }
    let restEnd = keyEnd + (isElsewhere ? 8 : valueByteCount)
    guard keyByteCount > 0, restEnd <= page.bytes.count else { return nil }
    rest = keyEnd..<restEnd
  }

  /// How many bytes it takes in the page, from its offset on: an even number.
  var byteCount: Int {
    (Page.nodeHeaderByteCount + key.count + rest.count + 1) & ~1
  }
}

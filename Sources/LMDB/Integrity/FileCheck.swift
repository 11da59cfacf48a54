@_spi(Internals) import SystemSupport
import Glibc

/// Checks the file of an environment before LMDB reads it.
///
/// LMDB trusts its pages: a wrong page number or offset in one makes it read or write anywhere, or
/// end the program. So a file is checked when it is opened: the meta pages before LMDB sees it, and
/// then every page of the trees, of the snapshot that LMDB chose.
///
/// - Pages are of the kind they should be, and carry their own number; their nodes fill them
///   without a gap. Keys are in order, within a page and between pages. Trees have the depth and
///   the number of pages and entries that is written down for them. No page is used twice, or free
///   and used.
/// - The ``Seal`` is of this transaction, and the entries of each table are those it was made for.
///
/// Large values, which have pages of their own, are not looked at: all values are checked when they
/// are read (``Checksum``). So the check takes time in proportion to the number of entries, not of
/// bytes.
///
/// What is not covered: a file that is changed while it is open, and one that someone made to pass.
struct FileCheck {
  private let reader: PageReader
  private let pageCount: UInt64
  private let byteCount: Int
  /// A bit for each page that is in use, or free.
  private var claimed: [UInt64]
  private var page: Page
  /// Whether the pages of large values are looked at.
  private let isThorough: Bool

  // What was found in the tree of tables.
  private var tables: [(name: String, tree: MetaPage.Tree)] = []
  private var seal: Seal?
  private var digests: [String: UInt64] = [:]

  /// Where a tree is, for messages, and what its entries are.
  private enum Content: Equatable {
    case freePages
    case main
    case seal
    case table(String)

    var description: String {
      switch self {
      case .freePages: "the list of free pages"
      case .main: "the list of tables"
      case .seal: "the table '\(Seal.tableName)'"
      case .table(let name): "the table '\(name)'"
      }
    }
  }

  /// What was counted in one tree.
  private struct Count {
    var branchPages = 0
    var leafPages = 0
    var overflowPages = 0
    var entries = 0
    var digest: UInt64 = 0
  }
}

// MARK: - Trees

extension FileCheck {
  /// Checks what a transaction can see.
  ///
  /// - Parameters:
  ///   - transaction: The number of the last write transaction that it sees. LMDB keeps its pages
  ///     as they are as long as it lasts.
  ///   - descriptor: The file.
  ///   - pageByteCount: The size of its pages.
  ///   - isThorough: Whether the headers of the pages of large values are looked at, too.
  /// - Throws: ``PageFault`` for the first page that is not in order.
  /// - Returns: `false` if the meta page of the transaction has been overwritten since: try with a
  ///   newer one.
  static func checkTrees(
    ofTransaction transaction: UInt64, descriptor: CInt, pageByteCount: Int, isThorough: Bool
  ) throws(PageFault) -> Bool {
    guard transaction > 0 else { return true }
    let reader = PageReader(descriptor: descriptor, pageByteCount: pageByteCount)
    var page = Page(byteCount: pageByteCount)
    let number = transaction & 1
    guard try reader.read(number, into: &page) else {
      throw PageFault(page: number, problem: "the file ends before it")
    }
    let meta = try MetaPage.read(page, number: number).get()
    guard meta.transaction == transaction, meta.pageByteCount == pageByteCount else {
      return false
    }
    var check = FileCheck(reader: reader, meta: meta, isThorough: isThorough)
    try check.run(meta)
    try checkNoneIsNewer(than: meta, reader)
    return true
  }

  /// Throws if the other meta page says that it is of the transaction before, and what it leads to
  /// is of the one after.
  ///
  /// The one after does not write to the pages of the one before; only those after that do, of
  /// which a power failure may have left parts.
  private static func checkNoneIsNewer(
    than current: MetaPage, _ reader: PageReader
  ) throws(PageFault) {
    var page = Page(byteCount: reader.pageByteCount)
    let number = 1 - current.transaction & 1
    guard try reader.read(number, into: &page),
      case .success(let meta) = MetaPage.read(page, number: number), meta.transaction > 0,
      meta.transaction < current.transaction, (2...current.pageCount).contains(meta.pageCount)
    else { return }
    var check = FileCheck(reader: reader, meta: meta, isThorough: false)
    // Whatever else is wrong with what is not used any more does not matter.
    guard let seal = try? check.findSeal(meta),
      seal.transaction == current.transaction + 1
    else { return }
    throw PageFault(
      page: number,
      problem: "it is of transaction \(meta.transaction), the seal is of \(seal.transaction)")
  }

  private init(reader: PageReader, meta: MetaPage, isThorough: Bool) {
    self.reader = reader
    self.isThorough = isThorough
    page = Page(byteCount: reader.pageByteCount)
    pageCount = meta.pageCount
    var status = stat()
    // SAFETY: the result is written to a local variable.
    byteCount = unsafe fstat(reader.descriptor, &status) == 0 ? Int(status.st_size) : 0
    claimed = [UInt64](repeating: 0, count: Int(pageCount / 64) + 1)
    // The meta pages.
    claimed[0] = 0b11
  }

  private mutating func run(_ meta: MetaPage) throws(PageFault) {
    let metaPage = meta.transaction & 1
    _ = try check(meta.freePages, of: .freePages, metaPage)
    guard let seal = try findSeal(meta) else {
      throw PageFault(
        page: metaPage, problem: "there is no seal: the file was written by another program")
    }
    guard seal.transaction == meta.transaction else {
      throw PageFault(
        page: metaPage,
        problem: "it is of transaction \(meta.transaction), the seal is of \(seal.transaction)")
    }
    for table in tables where table.name != Seal.tableName {
      guard table.tree.flags == 0 else {
        throw PageFault(page: table.tree.root, problem: "a table with flags that are not used here")
      }
      digests[table.name] = try check(table.tree, of: .table(table.name), metaPage).digest
    }
    for name in Set(digests.keys).union(seal.digests.keys)
    where digests[name, default: 0] != seal.digests[name, default: 0] {
      throw PageFault(
        page: tables.first { $0.name == name }?.tree.root ?? metaPage,
        problem: "the entries of the table '\(name)' are not those that were written")
    }
  }

  /// Checks the tree of tables, and the one of the seal.
  private mutating func findSeal(_ meta: MetaPage) throws(PageFault) -> Seal? {
    let metaPage = meta.transaction & 1
    digests[""] = try check(meta.main, of: .main, metaPage).digest
    for table in tables where table.name == Seal.tableName {
      _ = try check(table.tree, of: .seal, metaPage)
    }
    return seal
  }

  /// Checks one tree, which `owner` refers to.
  private mutating func check(
    _ tree: MetaPage.Tree, of content: Content, _ owner: UInt64
  ) throws(PageFault) -> Count {
    var count = Count()
    if tree.root != MetaPage.Tree.noPage {
      // LMDB follows a tree to this depth.
      guard (1...32).contains(tree.depth) else {
        throw PageFault(page: owner, problem: "\(content.description) has depth \(tree.depth)")
      }
      try visit(
        tree.root, depth: tree.depth, of: content, from: [], below: nil, isRoot: true, &count)
    } else if tree.depth != 0 {
      throw PageFault(
        page: owner, problem: "\(content.description) is empty and has depth \(tree.depth)")
    }
    let isAsCounted =
      count.branchPages == tree.branchPageCount && count.leafPages == tree.leafPageCount
      && count.overflowPages == tree.overflowPageCount && count.entries == tree.entryCount
    guard isAsCounted else {
      throw PageFault(
        page: tree.root == MetaPage.Tree.noPage ? owner : tree.root,
        problem: "\(content.description) has \(count.entries) entries in "
          + "\(count.branchPages) + \(count.leafPages) + \(count.overflowPages) pages, and should have "
          + "\(tree.entryCount) in \(tree.branchPageCount) + \(tree.leafPageCount) + "
          + "\(tree.overflowPageCount)")
    }
    return count
  }

  /// Notes that pages are in use. Each is only once.
  private mutating func claim(_ first: UInt64, count: Int, for content: Content) throws(PageFault) {
    let (end, overflow) = first.addingReportingOverflow(UInt64(count))
    guard first >= 2, !overflow, end <= pageCount else {
      throw PageFault(
        page: first,
        problem: "\(content.description) refers to it, and the file has \(pageCount) pages")
    }
    for number in first..<end {
      let (word, bit) = (Int(number / 64), UInt64(1) << (number % 64))
      guard claimed[word] & bit == 0 else {
        throw PageFault(
          page: number, problem: "\(content.description) refers to it, as something else does")
      }
      claimed[word] |= bit
    }
  }

  /// Checks a page and those below it.
  ///
  /// - Parameters:
  ///   - number: The page.
  ///   - depth: The depth of the tree from here on: 1 for a leaf.
  ///   - content: The tree it belongs to.
  ///   - lowest: No key comes before this one.
  ///   - end: All keys come before this one.
  ///   - isRoot: Whether it is the first page of the tree.
  ///   - count: What was found is added to it.
  private mutating func visit(
    _ number: UInt64, depth: Int, of content: Content, from lowest: [UInt8], below end: [UInt8]?,
    isRoot: Bool, _ count: inout Count
  ) throws(PageFault) {
    func fault(_ problem: String) -> PageFault {
      PageFault(page: number, problem: "\(problem), in \(content.description)")
    }
    try claim(number, count: 1, for: content)
    guard try reader.read(number, into: &page) else {
      throw fault("the file ends before it, at byte \(byteCount)")
    }
    let isLeaf = depth == 1
    guard page.pageNumber == number, page.kind == (isLeaf ? .leaf : .branch) else {
      throw fault("it is not the \(isLeaf ? "leaf" : "branch") that it should be")
    }
    let nodes = try nodes(isLeaf: isLeaf, fault)
    try checkOrder(nodes, isLeaf: isLeaf, of: content, from: lowest, below: end, fault)
    guard isLeaf else {
      count.branchPages += 1
      // LMDB ends the program at a branch with less; that of free pages it allows for a moment.
      guard nodes.count >= (content == .freePages ? 1 : 2) else {
        throw fault("a branch with \(nodes.count) entries")
      }
      // Reading the pages below it takes the place of this one.
      let children = nodes.indices.map {
        (child: nodes[$0].child, start: $0 == 0 ? lowest : Array(page.bytes[nodes[$0].key]))
      }
      for index in children.indices {
        try visit(
          children[index].child, depth: depth - 1, of: content, from: children[index].start,
          below: index + 1 < children.count ? children[index + 1].start : end, isRoot: false,
          &count)
      }
      return
    }
    count.leafPages += 1
    count.entries += nodes.count
    guard !nodes.isEmpty else { throw fault("a leaf without entries") }
    var freed: [PageNode] = []
    for node in nodes {
      if node.isElsewhere { try checkOverflow(node, of: content, &count, fault) }
      switch content {
      case .main where node.isTable: try addTable(node, fault)
      case .main, .table:
        guard !node.isTable else { throw fault("a table within a table") }
        guard node.isElsewhere || node.valueByteCount >= Checksum.byteCount else {
          throw fault("a value without a checksum")
        }
        count.digest &+= digest(of: node)
      case .seal: try readSeal(node, fault)
      case .freePages: freed.append(node)
      }
    }
    // These may lie in other pages, which take the place of this one.
    let leaf = page
    for node in freed { try claimFreePages(node, of: leaf, fault) }
  }

  /// The nodes of the page, which fill it from `upper` to its end.
  private func nodes(
    isLeaf: Bool, _ fault: (String) -> PageFault
  ) throws(PageFault) -> [PageNode] {
    let (lower, upper) = (page.lower, page.upper)
    guard lower >= Page.headerByteCount, lower % 2 == 0, lower <= upper,
      upper <= page.bytes.count
    else { throw fault("its entries cannot be where it says") }
    var nodes: [PageNode] = []
    nodes.reserveCapacity((lower - Page.headerByteCount) / 2)
    // A bit for each two bytes that belong to a node.
    var used = [UInt64](repeating: 0, count: page.bytes.count / 128 + 1)
    var byteCount = 0
    for index in 0..<(lower - Page.headerByteCount) / 2 {
      let offset = page.nodeOffset(index)
      guard offset >= upper, let node = PageNode(page, at: offset, isLeaf: isLeaf),
        offset + node.byteCount <= page.bytes.count
      else { throw fault("entry \(index) does not lie in it") }
      for unit in offset / 2..<(offset + node.byteCount) / 2 {
        guard used[unit / 64] >> UInt64(unit % 64) & 1 == 0 else {
          throw fault("entry \(index) lies in another one")
        }
        used[unit / 64] |= 1 << UInt64(unit % 64)
      }
      byteCount += node.byteCount
      nodes.append(node)
    }
    guard byteCount == page.bytes.count - upper else {
      throw fault("there is a gap between its entries")
    }
    return nodes
  }

  private func checkOrder(
    _ nodes: [PageNode], isLeaf: Bool, of content: Content, from lowest: [UInt8],
    below end: [UInt8]?, _ fault: (String) -> PageFault
  ) throws(PageFault) {
    // The first key of a branch is not used.
    var previous = lowest[...]
    for index in nodes.indices where isLeaf || index > 0 {
      let key = page.bytes[nodes[index].key]
      if content == .freePages {
        guard key.count == 8 else { throw fault("entry \(index) is not of a transaction") }
      }
      let isFirst = index == (isLeaf ? 0 : 1)
      let isInOrder =
        isFirst
        ? !precedes(key, previous, in: content) : precedes(previous, key, in: content)
      guard isInOrder else { throw fault("entry \(index) is out of order") }
      previous = key
    }
    if let end, !nodes.isEmpty, !precedes(previous, end[...], in: content) {
      throw fault("the last entry belongs to another page")
    }
  }

  private func precedes(
    _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, in content: Content
  ) -> Bool {
    // The keys of free pages are numbers.
    if content == .freePages { return left.reversed().lexicographicallyPrecedes(right.reversed()) }
    return left.lexicographicallyPrecedes(right)
  }

  private func digest(of node: PageNode) -> UInt64 {
    // SAFETY: the node was checked to lie in the page, here and below, and to have a checksum.
    unsafe page.bytes.withUnsafeBytes { bytes in
      if !node.isElsewhere { return unsafe Checksum.stored(in: .init(rebasing: bytes[node.rest])) }
      return unsafe Checksum.of(.init(rebasing: bytes[node.key]))
    }
  }

  /// Notes the pages of a value that does not lie with its key.
  private mutating func checkOverflow(
    _ node: PageNode, of content: Content, _ count: inout Count, _ fault: (String) -> PageFault
  ) throws(PageFault) {
    let first = page.number(at: node.rest.lowerBound, byteCount: 8)
    let pages = Self.overflowPageCount(node.valueByteCount, pageByteCount: reader.pageByteCount)
    try claim(first, count: pages, for: content)
    count.overflowPages += pages
    guard Int(first) + pages <= byteCount / reader.pageByteCount else {
      throw fault("the file ends before the value in page \(first), at byte \(byteCount)")
    }
    guard isThorough else { return }
    var header = Page(byteCount: Page.headerByteCount)
    guard try reader.read(first, into: &header), header.pageNumber == first,
      header.kind == .overflow, header.overflowPageCount == pages
    else { throw PageFault(page: first, problem: "it is not the value that it should be") }
  }

  /// Whether LMDB puts a value into pages of its own: if not two entries of its size fit into a
  /// page.
  static func isElsewhere(keyByteCount: Int, storedByteCount: Int, pageByteCount: Int) -> Bool {
    let mostByteCount = ((pageByteCount - Page.headerByteCount) / 2 & ~1) - 2
    return Page.nodeHeaderByteCount + keyByteCount + storedByteCount > mostByteCount
  }

  /// How many pages a value takes that does not lie with its key.
  static func overflowPageCount(_ valueByteCount: Int, pageByteCount: Int) -> Int {
    (Page.headerByteCount + valueByteCount + pageByteCount - 1) / pageByteCount
  }

  private mutating func addTable(
    _ node: PageNode, _ fault: (String) -> PageFault
  ) throws(PageFault) {
    guard node.valueByteCount == MetaPage.Tree.byteCount else { throw fault("not a table") }
    tables.append(
      (
        String(decoding: page.bytes[node.key], as: UTF8.self),
        MetaPage.Tree(page, at: node.rest.lowerBound)
      ))
  }

  private mutating func readSeal(
    _ node: PageNode, _ fault: (String) -> PageFault
  ) throws(PageFault) {
    let found = unsafe page.bytes.withUnsafeBytes { bytes -> Seal? in
      let key = unsafe UnsafeRawBufferPointer(rebasing: bytes[node.key])
      let stored = unsafe UnsafeRawBufferPointer(rebasing: bytes[node.rest])
      guard !node.isElsewhere, unsafe key.elementsEqual(Seal.key),
        let value = unsafe Checksum.check(stored, under: key)
      else { return nil }
      return unsafe Seal(Array(value).span)
    }
    guard let found else { throw fault("the seal is broken") }
    seal = found
  }

  /// Notes the pages that a transaction has freed: a count and so many numbers, the largest first.
  private mutating func claimFreePages(
    _ node: PageNode, of leaf: Page, _ fault: (String) -> PageFault
  ) throws(PageFault) {
    var list = Page(byteCount: 0)
    if node.isElsewhere {
      let first = leaf.number(at: node.rest.lowerBound, byteCount: 8)
      list = Page(byteCount: node.valueByteCount)
      let offset = Int(first) * reader.pageByteCount + Page.headerByteCount
      guard try reader.read(at: offset, into: &list.bytes, of: first) else {
        throw fault("the file ends before the value in page \(first)")
      }
    } else {
      list.bytes = Array(leaf.bytes[node.rest])
    }
    guard list.bytes.count >= 8 else { throw fault("a list without a count") }
    let count = list.number(at: 0, byteCount: 8)
    guard count <= UInt64(list.bytes.count / 8 - 1) else {
      throw fault("a list of \(count) pages in \(list.bytes.count) bytes")
    }
    var previous = UInt64.max
    for index in 0..<Int(count) {
      let number = list.number(at: 8 + 8 * index, byteCount: 8)
      guard number < previous else { throw fault("a list that is out of order") }
      try claim(number, count: 1, for: .freePages)
      previous = number
    }
  }
}

/// What one of the first two pages of a file says: which transaction wrote it, and where the trees
/// are.
///
/// The layout is that of `MDB_meta` and `MDB_db` in `mdb.c`, behind the header of the page.
struct MetaPage {
  /// What is known about a tree.
  struct Tree {
    var flags: Int
    var depth: Int
    var branchPageCount: Int
    var leafPageCount: Int
    var overflowPageCount: Int
    var entryCount: Int
    var root: UInt64

    static let byteCount = 48
    /// The root of a tree without entries.
    static let noPage = UInt64.max

    /// Reads it at an offset of a page.
    init(_ page: Page, at offset: Int) {
      flags = page.integer(at: offset + 4, byteCount: 2)
      depth = page.integer(at: offset + 6, byteCount: 2)
      branchPageCount = page.integer(at: offset + 8, byteCount: 8)
      leafPageCount = page.integer(at: offset + 16, byteCount: 8)
      overflowPageCount = page.integer(at: offset + 24, byteCount: 8)
      entryCount = page.integer(at: offset + 32, byteCount: 8)
      root = page.number(at: offset + 40, byteCount: 8)
    }
  }

  private static let magic: UInt64 = 0xBEEF_C0DE
  private static let version: UInt64 = 1
  /// The flag of trees whose keys are numbers, which that of the free pages has, and nothing else
  /// may.
  private static let hasIntegerKeys = 0x08
  /// The bytes of a page that are read.
  static let byteCount = 152

  var pageByteCount: Int
  var freePages: Tree
  var main: Tree
  /// The number of pages that were ever in use.
  var pageCount: UInt64
  var transaction: UInt64

  /// Reads the page with the number `number`, or returns what is wrong with it.
  static func read(_ page: Page, number: UInt64) -> Result<MetaPage, PageFault> {
    func fault(_ problem: String) -> Result<MetaPage, PageFault> {
      .failure(PageFault(page: number, problem: problem))
    }
    guard page.number(at: 16, byteCount: 4) == magic else {
      return fault("it does not begin like an LMDB file")
    }
    guard page.number(at: 20, byteCount: 4) == version else {
      return fault("it is of another version of LMDB")
    }
    guard page.pageNumber == number, page.kind == .meta else {
      return fault("it is not the meta page it should be")
    }
    let meta = MetaPage(page)
    // A page has a size from 512 bytes to 32 KiB.
    guard (512...32768).contains(meta.pageByteCount),
      meta.pageByteCount & (meta.pageByteCount - 1) == 0
    else { return fault("its pages have \(meta.pageByteCount) bytes") }
    guard meta.freePages.flags == hasIntegerKeys, meta.main.flags == 0 else {
      return fault("it has flags that are not used here")
    }
    let isNew =
      meta.transaction == 0 && meta.main.root == Tree.noPage
      && meta.freePages.root == Tree.noPage
    guard isNew || (meta.transaction > 0 && meta.transaction & 1 == number) else {
      return fault("it cannot be of transaction \(meta.transaction)")
    }
    return .success(meta)
  }

  private init(_ page: Page) {
    pageByteCount = page.integer(at: 40, byteCount: 4)
    freePages = Tree(page, at: 40)
    main = Tree(page, at: 88)
    pageCount = page.number(at: 136, byteCount: 8) &+ 1
    transaction = page.number(at: 144, byteCount: 8)
  }
}

/// What is wrong with a page.
struct PageFault: Error {
  var page: UInt64
  var problem: String
}

import Glibc

extension FileCheck {
  /// Checks the meta pages of the file at `path`.
  ///
  /// - Parameters:
  ///   - path: The directory of the environment.
  ///   - mustExist: Whether a file that is missing or empty is an error.
  /// - Throws: ``LMDBError`` with `corrupted` if they are not in order, or what the operating
  ///   system says.
  static func checkMetaPages(path: String, mustExist: Bool) throws(LMDBError) {
    let file = path + "/data.mdb"
    // LMDB makes the file of locks if it is not there, and would follow a link to another one.
    var status = stat()
    // SAFETY: paths are passed as C strings, results are written to local variables, here and
    // below.
    if unsafe lstat(path + "/lock.mdb", &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw damage(path, "'lock.mdb' is a symbolic link, or no file")
    }
    let descriptor = unsafe Glibc.open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT {
        guard mustExist else { return }
        throw damage(path, "the file 'data.mdb' is missing")
      }
      if errno == ELOOP { throw damage(path, "'data.mdb' is a symbolic link") }
      throw LMDBError(.init(rawValue: errno), operation: "open", path: path)
    }
    defer { close(descriptor) }
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw LMDBError(.init(rawValue: errno), operation: "open", path: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw damage(path, "'data.mdb' is not a file") }
    if status.st_size == 0 {
      guard mustExist else { return }
      throw damage(path, "the file 'data.mdb' is empty")
    }
    // Another process may be writing one of them: what is wrong twice in the same way is wrong.
    var fault: PageFault?
    for attempt in 0..<100 {
      do throws(PageFault) {
        try checkMetaPages(descriptor, byteCount: Int(status.st_size), mustExist: mustExist)
        return
      } catch {
        if attempt > 2, let fault, fault.page == error.page, fault.problem == error.problem {
          throw damage(path, error)
        }
        fault = error
        usleep(500)
      }
    }
    if let fault { throw damage(path, fault) }
  }

  private static func checkMetaPages(
    _ descriptor: CInt, byteCount: Int, mustExist: Bool
  ) throws(PageFault) {
    var page = Page(byteCount: MetaPage.byteCount)
    let reader = PageReader(descriptor: descriptor, pageByteCount: 1)
    func meta(at offset: Int, number: UInt64) throws(PageFault) -> MetaPage {
      guard try reader.read(at: offset, into: &page.bytes, of: number) else {
        throw PageFault(page: number, problem: "the file ends before it, at byte \(byteCount)")
      }
      return try MetaPage.read(page, number: number).get()
    }
    let first = try meta(at: 0, number: 0)
    let second = try meta(at: first.pageByteCount, number: 1)
    guard second.pageByteCount == first.pageByteCount else {
      throw PageFault(page: 1, problem: "it gives pages another size than page 0 does")
    }
    let (low, high) = (
      min(first.transaction, second.transaction), max(first.transaction, second.transaction)
    )
    guard high > 0 || !mustExist else { throw PageFault(page: 0, problem: "the file is empty") }
    guard high - low == 1 || high == 0 else {
      throw PageFault(
        page: first.transaction > second.transaction ? 0 : 1,
        problem: "transaction \(high) cannot follow on \(low)")
    }
    let last = first.transaction > second.transaction ? first : second
    // Pages at the end that were not needed after all are not written. A transaction has at most
    // 2^17 of them.
    let mostPages = UInt64(byteCount / first.pageByteCount) + 1 << 17
    guard last.pageCount >= 2, last.pageCount <= mostPages else {
      throw PageFault(
        page: last.transaction & 1,
        problem: "it counts \(last.pageCount) pages, the file has \(byteCount) bytes")
    }
  }

  static func damage(_ path: String, _ fault: PageFault) -> LMDBError {
    damage(path, "page \(fault.page) of the file is damaged: \(fault.problem)")
  }

  fileprivate static func damage(_ path: String, _ detail: String) -> LMDBError {
    LMDBError(.corrupted, operation: "check the file", path: path, detail: detail)
  }
}

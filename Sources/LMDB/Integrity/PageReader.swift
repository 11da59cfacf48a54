import Glibc

/// Reads pages of a file, not through its map: a file that is too short is then an error, not a
/// signal.
struct PageReader {
  let descriptor: CInt
  let pageByteCount: Int

  /// Reads the page with the number `number`, or the first bytes of it.
  ///
  /// - Returns: `false` if the file ends before.
  func read(_ number: UInt64, into page: inout Page) throws(PageFault) -> Bool {
    let (offset, overflow) = number.multipliedReportingOverflow(by: UInt64(pageByteCount))
    guard !overflow, offset <= UInt64(Int.max >> 1) else { return false }
    return try read(at: Int(offset), into: &page.bytes, of: number)
  }

  /// Fills `bytes` from the file.
  func read(
    at offset: Int, into bytes: inout [UInt8], of page: UInt64
  ) throws(PageFault) -> Bool {
    var count = 0
    while count < bytes.count {
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        // SAFETY: the call writes into the rest of the array only.
        unsafe pread(
          descriptor, buffer.baseAddress.unsafelyUnwrapped + count, buffer.count - count,
          off_t(offset + count))
      }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else {
        throw PageFault(page: page, problem: "it cannot be read: \(Calls.text(of: errno))")
      }
      guard read > 0 else { return false }
      count += read
    }
    return true
  }
}

/// What the kernel says about this process's memory, from `/proc/self/status`.
public struct ProcessMemory: Sendable, Equatable {
  /// Resident pages that belong to no file, in bytes: heap and arenas, without mapped indexes.
  public var residentAnonymousByteCount: Int
  /// Resident pages of mapped files, in bytes: what is in memory of the indexes.
  public var residentFileByteCount: Int
  /// The size of the address space in use, in bytes. A mapped index counts in full, read or not.
  public var virtualByteCount: Int
  /// The number of threads.
  public var threadCount: Int

  /// Reads the figures now, or returns `nil` where there is no `/proc`.
  public static func current() -> ProcessMemory? {
    guard let text = ProcFile.read("/proc/self/status") else { return nil }
    var values: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let number = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).first
      values[line[..<colon]] = number.flatMap { Int($0) }
    }
    guard let anonymous = values["RssAnon"], let file = values["RssFile"],
      let virtual = values["VmSize"], let threads = values["Threads"]
    else { return nil }
    return ProcessMemory(
      residentAnonymousByteCount: anonymous << 10, residentFileByteCount: file << 10,
      virtualByteCount: virtual << 10, threadCount: threads)
  }
}

import CMimalloc
import Glibc

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

extension ProcessMemory {
  /// Gives the memory that the calling thread has freed back to the system.
  ///
  /// mimalloc keeps what a thread freed for that thread. A thread that stays, and is busy only now and
  /// then, holds on to its largest batch until it calls this; another thread cannot do it for it.
  /// Adding documents does it on each of its threads.
  ///
  /// - Complexity: O(*p*) for *p* pages that the thread holds.
  public static func giveBackFreedMemory() {
    // mimalloc 2 puts giving back off for a while, and then waits for the thread's next call. Without a
    // delay it is done at once; other threads that free meanwhile do it at once, too.
    let delay = usualDecommitDelay
    let hasDelay = mi_version() < 300
    if hasDelay { mi_option_set(mi_option_decommit_delay, 0) }
    mi_collect(true)
    if hasDelay { mi_option_set(mi_option_decommit_delay, delay) }
  }

  /// The delay that the process began with. Read once, since several threads may be giving back.
  private static let usualDecommitDelay = mi_option_get(mi_option_decommit_delay)
}

/// Small files that the kernel makes up.
enum ProcFile {
  /// The whole content of a file, or `nil` if it cannot be read.
  static func read(_ path: String) -> String? {
    // SAFETY: the path is passed as a C string for the duration of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    while true {
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initializedCount in
        // SAFETY: the buffer has room for as many bytes as are asked for.
        unsafe initializedCount = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { return String(decoding: content, as: UTF8.self) }
      content += chunk
    }
  }
}

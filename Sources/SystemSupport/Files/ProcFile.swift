import Glibc

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

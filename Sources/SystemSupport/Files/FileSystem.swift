import Glibc

/// The few operations on files that a store needs, each with its failure as an error that names the
/// path.
package enum FileSystem {
  package enum Kind {
    case missing
    case directory
    case file
    /// A device, a pipe, or a link that is not followed.
    case other
  }

  package static func failure(
    _ operation: IndexerError.FileOperation, _ path: String
  ) -> IndexerError {
    IndexerError(.system(.file(operation, errno: errno)), at: .init(path: path))
  }

  package static func kind(of path: String, followsLinks: Bool = true) throws(IndexerError) -> Kind
  {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
      if errno == ENOENT { return .missing }
      throw failure(.find, path)
    }
    return switch status.st_mode & S_IFMT {
    case S_IFDIR: .directory
    case S_IFREG: .file
    default: .other
    }
  }

  /// The size of a file in bytes, or `nil` if there is none.
  package static func byteCount(of path: String) throws(IndexerError) -> Int? {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe stat(path, &status) == 0 else {
      if errno == ENOENT { return nil }
      throw failure(.find, path)
    }
    return Int(status.st_size)
  }

  /// Whether `path` is on a file system that is mounted read-only.
  package static func isReadOnly(_ path: String) -> Bool {
    // SAFETY: the path is passed as a C string for the duration of the call.
    unsafe access(path, W_OK) != 0 && errno == EROFS
  }

  /// Whether the permissions of what is at `path` forbid to write to it.
  package static func isForbidden(_ path: String) -> Bool {
    // SAFETY: as above.
    unsafe access(path, W_OK) != 0 && errno == EACCES
  }

  /// Copies a file that another program may be writing to; whoever reads the copy checks that it is
  /// one state of it.
  package static func copy(_ path: String, to copy: String) throws(IndexerError) {
    // SAFETY: paths are passed as C strings.
    let source = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard source >= 0 else { throw failure(.open, path) }
    defer { close(source) }
    let target = unsafe open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw failure(.create, copy) }
    defer { close(target) }
    while true {
      let count = sendfile(target, source, nil, 1 << 30)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(.copy, path) }
      if count == 0 { return }
    }
  }

  /// Throws unless there is a directory of the store at `path`, not a link to another place.
  package static func requireDirectory(_ path: String) throws(IndexerError) {
    guard try kind(of: path, followsLinks: false) == .directory else {
      throw IndexerError(.damage(.noDirectory), at: .init(path: path))
    }
  }

  /// Throws unless there is a file with a task's input at `path`, not a link to another place.
  package static func requireFile(_ path: String) throws(IndexerError) {
    guard try kind(of: path, followsLinks: false) == .file else {
      throw IndexerError(.damage(.noTaskInput), at: .init(path: path))
    }
  }

  /// Creates a directory for its owner only, unless it is there already.
  package static func makeDirectory(_ path: String) throws(IndexerError) {
    // SAFETY: the path is passed as a C string, here and below.
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw failure(.createDirectory, path)
    }
  }

  /// Makes a directory of its own where programs put what they need for a while.
  package static func makeTemporaryDirectory() throws(IndexerError) -> String {
    // SAFETY: the name of a variable is passed as a C string; the environment is not changed.
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let path = "\(parent)/arena-store-\(StoredName.random())"
    // One that is there is not ours.
    guard unsafe mkdir(path, 0o700) == 0 else { throw failure(.createDirectory, path) }
    return path
  }

  /// The names in a directory, sorted, without those of itself and its parent.
  package static func names(in path: String) throws(IndexerError) -> [String] {
    guard let directory = unsafe opendir(path) else { throw failure(.list, path) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      // SAFETY: the entry's name is terminated and stays until the next call.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The whole content of a small file, as text.
  package static func text(of path: String) throws(IndexerError) -> String {
    guard let text = ProcFile.read(path) else { throw failure(.read, path) }
    return text
  }

  /// Writes a small file so that it is there completely or not at all.
  package static func write(_ text: String, to path: String) throws(IndexerError) {
    let temporary = path + ".new"
    // SAFETY: paths are passed as C strings; the text's bytes are valid while they are written.
    let descriptor = unsafe open(
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(.create, temporary) }
    defer { close(descriptor) }
    var text = text
    let isWritten = text.withUTF8 { bytes in
      unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
    }
    guard isWritten, fsync(descriptor) == 0 else { throw failure(.write, temporary) }
    guard unsafe rename(temporary, path) == 0 else { throw failure(.rename, temporary) }
  }

  /// Waits until what was created in or removed from a directory is on the device.
  package static func synchronizeDirectory(_ path: String) throws(IndexerError) {
    // SAFETY: the path is passed as a C string for the duration of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(.open, path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(.synchronize, path) }
  }

  /// Waits until the name of a file or directory is on the device.
  package static func synchronizeName(of path: String) throws(IndexerError) {
    var parent = path
    while parent.last == "/", parent.count > 1 { parent.removeLast() }
    guard let slash = parent.lastIndex(of: "/") else { return try synchronizeDirectory(".") }
    try synchronizeDirectory(slash == parent.startIndex ? "/" : String(parent[..<slash]))
  }

  /// Removes the files in a directory.
  package static func removeFiles(in path: String) throws(IndexerError) {
    for name in try names(in: path) {
      // SAFETY: paths are passed as C strings.
      guard unsafe unlink(path + "/" + name) == 0 || errno == ENOENT else {
        throw failure(.remove, path + "/" + name)
      }
    }
  }

  /// Removes the directory of an index: its files, which are known by name, and itself.
  package static func removeIndexDirectory(_ path: String) throws(IndexerError) {
    guard try kind(of: path, followsLinks: false) == .directory else { return }
    try removeFiles(in: path)
    // A program that waits for a lock in it makes a new file; the directory is then an abandoned
    // one.
    guard unsafe rmdir(path) == 0 || errno == ENOENT || errno == ENOTEMPTY else {
      throw failure(.remove, path)
    }
  }
}

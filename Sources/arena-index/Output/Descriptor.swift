import Foundation

/// Writing to the descriptors that a program is started with.
enum Descriptor {
  /// Makes the three of them safe to use.
  ///
  /// One that is closed would be the number of the next file that is opened, and what is printed
  /// would be written into it. It is opened so that using it fails. A pipe that is closed is an
  /// error of the call that writes, as is a file that would become too large.
  static func prepare() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free: those before are open by now.
      _ = unsafe open("/dev/null", mode)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the program as a pipe does that nobody reads any more.
  static func endByClosedPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    // Only where the signal is blocked.
    exit(128 + SIGPIPE)
  }

  /// Writes all bytes. Returns 0, or the code of the failure.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var offset = 0
    while offset < bytes.count {
      // SAFETY: the pointer is into the array, and as many bytes follow it as are said.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Foundation.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset)
      }
      if count >= 0 {
        offset += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Another program has made the terminal or pipe so that it does not wait.
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // SAFETY: the call reads and writes the local variable.
        _ = unsafe poll(&entry, 1, -1)
      default: return errno
      }
    }
    return 0
  }

  /// What a code of `errno` says.
  static func text(of code: Int32) -> String {
    // SAFETY: strerror returns a string that stays until the next call on this thread.
    unsafe String(cString: strerror(code))
  }
}

import Glibc

/// What the operating system said when input was read.
struct InputFailure: Error {
  let code: Int32

  // SAFETY: strerror returns a string that stays until the next call on this thread.
  var text: String { unsafe String(cString: strerror(code)) }
}

import Glibc

/// What the operating system said when input was read.
package struct InputFailure: Error {
  package let code: Int32

  package init(code: Int32) {
    self.code = code
  }

  // SAFETY: strerror returns a string that stays until the next call on this thread.
  package var text: String { unsafe String(cString: strerror(code)) }
}

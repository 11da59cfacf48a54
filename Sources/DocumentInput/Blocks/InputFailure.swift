/// An `errno` value of reading input.
package struct InputFailure: Error {
  package let code: Int32
}

/// How the environment of an index is opened.
enum IndexAccess: Sendable {
  /// For searches and look-ups. A writer waits until they have ended, and opens the index again.
  case readOnly
  /// For writers, and for readers that take long: a writer does not wait for them.
  case readWrite
}

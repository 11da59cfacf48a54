package import LMDB
package import SystemSupport

extension IndexerError {
  /// What the key-value store reported, in terms of this module.
  package init(_ error: LMDBError) {
    let failure = KeyValueStoreFailure(
      KeyValueStoreFailure.Kind(error.code), number: error.code.rawValue,
      operation: error.operation, reason: error.reason)
    self.init(.keyValueStore(failure), at: Location(path: error.path))
  }
}

extension IndexerError.KeyValueStoreFailure.Kind {
  fileprivate init(_ code: LMDBError.Code) {
    self =
      switch code {
      case .accessDenied: .accessDenied
      case .busy: .busy
      case .corrupted, .pageNotFound: .damaged
      case .fileTooLarge: .fileTooLarge
      case .invalid: .foreignFile
      case .versionMismatch: .foreignVersion
      case .mapFull: .mapFull
      case .noSuchFile: .noSuchFile
      case .outOfMemory: .outOfMemory
      case .outOfSpace: .outOfSpace
      case .panic: .panic
      case .readOnlyFileSystem: .readOnlyFileSystem
      case .tooManyOpenFiles: .tooManyOpenFiles
      case .readersFull: .tooManyReaders
      case .transactionFull: .transactionFull
      default: .other
      }
  }
}

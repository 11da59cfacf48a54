package import LMDB
import SystemSupport

extension IndexerError {
  /// What the key-value store reported, in terms of this module.
  package init(_ error: LMDBError) {
    let code: Code =
      switch error.code {
      case .busy: .busy
      case .invalid, .versionMismatch: .foreignStore
      case .corrupted, .pageNotFound: .corrupted
      case .noSuchFile: .notFound
      case .outOfMemory: .outOfMemory
      default: .storage
      }
    self.init(
      code, "\(error.operation): \(error.reason)", at: error.path, advice: error.code.advice)
  }
}

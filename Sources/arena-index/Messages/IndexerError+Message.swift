import Foundation
import IndexerPipeline

extension IndexerError {
  /// The failure for a person: where it was, what was wrong, and what to do about it.
  ///
  /// The library's ``description`` says the first two. The library does not know the options and
  /// commands of this program, so what to do is said here.
  var message: String { description + (cause.advice.map { "; \($0)" } ?? "") }
}

extension IndexerError.Cause {
  /// What to do about it, where there is something to do.
  var advice: String? {
    switch self {
    case .input(let problem): problem.advice
    case .document(let error, let role): error.advice(for: role)
    case .request(let problem): problem.advice
    case .query(let problem): problem.advice
    case .missing(let object): object.advice
    case .foreign(let object): object.advice
    case .damage(let damage): damage.advice
    case .contention(let contention): contention.advice
    case .memory(let limit): limit.advice
    case .system(let failure): failure.advice
    case .keyValueStore(let failure): failure.kind.advice
    case .cancelled: nil
    case .timedOut: "use rarer words or more letters, or allow more with '--timeout'"
    }
  }
}

// MARK: - What is given

extension IndexerError.InputProblem {
  fileprivate var advice: String? {
    switch self {
    case .unreadable(.open, errno: let number):
      number == EMFILE ? "raise 'ulimit -n'" : "check its permissions"
    case .unreadable(.find, _): "check the path"
    case .unreadable: nil
    case .isDirectory: "name the files in it"
    case .noDocuments: "check that the input is not empty"
    case .noDocumentWithPrimaryKey:
      "name the field that holds the document's id with '--primary-key'"
    case .arrayWithoutEnd: "check that it is complete"
    case .unexpectedByte:
      "check the file, or use '--format ndjson' if each line is a document"
    case .foreignFormat(let format): format.advice
    case .tooManyFields:
      "put names that are data into values, or allow more with '--max-fields'"
    }
  }
}

extension IndexerError.ForeignFormat {
  fileprivate var advice: String {
    switch self {
    case .utf16: "convert it to UTF-8"
    case .gzip: Self.unpack(with: "zcat")
    case .zstd: Self.unpack(with: "zstdcat")
    case .xz: Self.unpack(with: "xzcat")
    case .bzip2: Self.unpack(with: "bzcat")
    case .lz4: Self.unpack(with: "lz4cat")
    case .zip, .parquet, .sqlite, .pdf: "save its content as JSON or CSV"
    }
  }

  private static func unpack(with program: String) -> String {
    "unpack it: '\(program) FILE | arena-index add INDEX -'"
  }
}

extension IndexerError.RequestProblem {
  fileprivate var advice: String? {
    switch self {
    case .indexName: "use 1 to 200 letters, digits, '-', '_' and '.'"
    case .indexExists: "use another name, or drop it first"
    case .swapWithItself: nil
    case .emptyPrimaryKey: "name the field that holds the ids, or leave it out"
    case .otherPrimaryKey: "leave the primary key out, or use another index"
    case .documentID(let error): error.advice
    case .separator: "use one character of ASCII that is no quote and ends no line"
    case .separatorOfFormat: "'--separator' is for '--format csv'"
    case .setting(.memoryByteCount, _, let allowed):
      "allow at least \(allowed.lowerBound >> 20) MiB"
    case .setting(.threadCount, _, let allowed):
      "use \(allowed.lowerBound) to \(allowed.upperBound)"
    case .setting(.maximumFieldCount, _, let allowed):
      "allow \(allowed.lowerBound) to \(allowed.upperBound)"
    case .setting(.maximumDocumentByteCount, _, let allowed):
      "allow between one byte and \(allowed.upperBound >> 30) GiB"
    }
  }
}

extension IndexerError.QueryProblem {
  fileprivate var advice: String? {
    switch self {
    case .unknownField(_, let known): "it has: \(known.joined(separator: ", "))"
    case .negativeRange: nil
    case .noWords: "words are letters and digits"
    case .tooManyWords(_, let limit): "use at most \(limit)"
    case .tooManyTerms: "use more letters of the word, or look in one field"
    }
  }
}

// MARK: - What is there

extension IndexerError.MissingObject {
  fileprivate var advice: String? {
    switch self {
    case .store: "add documents to an index to create one"
    case .index, .movedIndex: "'list' shows the indexes of the store"
    case .task: nil
    }
  }
}

extension IndexerError.ForeignObject {
  fileprivate var advice: String {
    switch self {
    case .directory: "name another directory with '--store'"
    case .storeVersion, .indexVersion:
      "use the version that wrote it, or index the documents again"
    }
  }
}

extension IndexerError.Damage {
  fileprivate var advice: String? {
    switch self {
    case .noDirectory: "restore the store from a copy"
    case .noTaskInput: "enqueue the task again from its source"
    case .noIndexDirectory:
      "restore it from a copy, or 'drop' the index and index the documents again"
    case .truncatedTaskInput: "enqueue it again from its source"
    case .changedValue, .undecodable:
      "run 'verify', then index the documents again from their source"
    case .taskWithoutNumber, .contradiction: nil
    }
  }
}

extension IndexerError.Contention {
  fileprivate var advice: String {
    switch self {
    case .locked, .indexInUse: "try again later"
    case .writer, .writerKeepsReadersOut: "try again when it has finished"
    case .scheduler: "it does the tasks of all who enqueue"
    case .newIndex: "repeat the command to add to it"
    case .movedIndex: "repeat the command"
    case .ownReader: "end reading first"
    }
  }
}

extension IndexerError.MemoryLimit {
  fileprivate var advice: String? {
    switch self {
    case .addressSpace: "allow more with 'ulimit -v'"
    case .fixedMap: nil
    case .map: "the address space may be limited: see 'ulimit -v'"
    }
  }
}

// MARK: - What is below

extension IndexerError.SystemFailure {
  fileprivate var advice: String? {
    switch self {
    case .file(_, let number): Self.advice(ofErrno: number)
    case .readOnlyFileSystem: Self.readOnlyAdvice
    case .readOnlyStore: "check the permissions"
    case .thread: "see 'ulimit -u' and 'ulimit -v'"
    case .other: nil
    }
  }

  private static let readOnlyAdvice = "remount the file system to write to it, or copy the store"

  private static func advice(ofErrno number: Int32) -> String? {
    switch number {
    case EACCES, EPERM: "check the permissions"
    case EFBIG: "allow larger files with 'ulimit -f'"
    case ENOSPC, EDQUOT: "free space on the device"
    case ELOOP: "symbolic links in a store are not followed: put the file itself there"
    case EMFILE: "raise 'ulimit -n'"
    case EROFS: readOnlyAdvice
    case ENOLCK, EOPNOTSUPP: "put the store on a file system that has locks"
    case ENOENT: "check that the directory it should be in exists"
    default: nil
    }
  }
}

extension IndexerError.KeyValueStoreFailure.Kind {
  fileprivate var advice: String? {
    switch self {
    case .accessDenied: "check the permissions of the directory and its files"
    case .damaged: "the file is damaged; restore it from a copy"
    case .fileTooLarge: "allow larger files with 'ulimit -f' and repeat the operation"
    case .foreignFile: "this is not an LMDB environment; use another directory"
    case .foreignVersion: "open it with the version of LMDB that wrote it"
    case .mapFull: "the address space may be limited: see 'ulimit -v'"
    case .noSuchFile: "check the path"
    case .outOfMemory: "the address space may be limited: see 'ulimit -v'"
    case .outOfSpace: "free space on the device and repeat the operation"
    case .panic: "repeat the command"
    case .readOnlyFileSystem: "remount the file system to write to it, or copy the store"
    case .tooManyOpenFiles: "raise 'ulimit -n'"
    case .tooManyReaders: "end programs that read the index, and repeat the command"
    case .transactionFull: "allow less memory with '--memory'"
    case .busy, .other: nil
    }
  }
}

import Glibc

extension IndexerError.Cause: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .input(let problem): problem.description
    case .document(let error, _): error.description
    case .request(let problem): problem.description
    case .query(let problem): problem.description
    case .missing(let object): object.description
    case .foreign(let object): object.description
    case .damage(let damage): damage.description
    case .contention(let contention): contention.description
    case .memory(let limit): limit.description
    case .system(let failure): failure.description
    case .keyValueStore(let failure): "\(failure.operation): \(failure.reason)"
    case .cancelled: "cancelled"
    case .timedOut(let timeout): timeout.description
    }
  }
}

/// What the operating system says about an `errno` value.
private func text(ofErrno number: Int32) -> String {
  // SAFETY: strerror returns a string that stays until the next call on this thread.
  unsafe String(cString: strerror(number))
}

// MARK: - What is given

extension IndexerError.InputProblem: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .unreadable(_, let number): text(ofErrno: number)
    case .isDirectory: "this is a directory"
    case .noDocuments: "there are no documents"
    case .noDocumentWithPrimaryKey: "there are no documents, so the primary key is unknown"
    case .arrayWithoutEnd: "the array is not closed: the file ends too early"
    case .unexpectedByte(let byte, let expected):
      "found \(Self.name(of: byte)) where \(expected) belongs"
    case .foreignFormat(let format): "the file is \(format)"
    case .tooManyFields(let limit, let field):
      "the index would have more than \(limit) fields; '\(field)' is one more"
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21..<0x7f: "'\(Character(Unicode.Scalar(byte)))'"
    default: "byte \(byte)"
    }
  }
}

extension IndexerError.ExpectedValue: CustomStringConvertible {
  /// It in words.
  public var description: String {
    switch self {
    case .object: "an object"
    case .element: "an element of the array"
    case .commaOrEnd: "',' or ']'"
    case .nothing: "nothing after the end of the array"
    }
  }
}

extension IndexerError.ForeignFormat: CustomStringConvertible {
  /// It in words.
  public var description: String {
    switch self {
    case .utf16: "UTF-16"
    case .gzip: "compressed with gzip"
    case .zstd: "compressed with zstd"
    case .xz: "compressed with xz"
    case .bzip2: "compressed with bzip2"
    case .lz4: "compressed with lz4"
    case .zip: "a zip archive, or a table of an office program"
    case .parquet: "a Parquet table"
    case .sqlite: "an SQLite database"
    case .pdf: "a PDF document"
    }
  }
}

extension IndexerError.RequestProblem: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .indexName(let name): "'\(name)' cannot be the name of an index"
    case .indexExists(let name): "there is an index '\(name)' already"
    case .swapWithItself(let name): "'\(name)' cannot be swapped with itself"
    case .emptyPrimaryKey: "the name of the primary key is empty"
    case .otherPrimaryKey(let known, let wanted):
      "the index has the primary key '\(known)', not '\(wanted)'"
    case .documentID(let error): error.description
    case .separator(let byte): "byte \(byte) cannot separate fields"
    case .separatorOfFormat(let byte, let format):
      "\(DocumentError.RowProblem.name(ofSeparator: byte)) cannot separate fields of '\(format)'"
    case .setting(.memoryByteCount, let value, _): "\(value) bytes of memory are too few"
    case .setting(.threadCount, let value, _): "\(value) threads"
    case .setting(.maximumFieldCount, let value, _): "at most \(value) fields"
    case .setting(.maximumDocumentByteCount, let value, _): "documents of at most \(value) bytes"
    }
  }
}

extension IndexerError.QueryProblem: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .unknownField(let name, _): "the index has no field '\(name)'"
    case .negativeRange: "limit and offset must not be negative"
    case .noWords: "the query has no words"
    case .tooManyWords(let count, _): "the query has \(count) words"
    case .tooManyTerms(let word, let limit): "'\(word)' stands for more than \(limit) terms"
    }
  }
}

// MARK: - What is there

extension IndexerError.MissingObject: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .store: "there is no store"
    case .index(let name): "there is no index '\(name)'"
    case .movedIndex(let name): "the index '\(name)' has just been dropped or moved"
    case .task(let number): "there is no task \(number)"
    }
  }
}

extension IndexerError.ForeignObject: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .directory: "this is not a store, and it is not empty"
    case .storeVersion: "the store's layout is of another version"
    case .indexVersion(let version, let supported):
      "the index has format version \(version), this program reads \(supported)"
    }
  }
}

extension IndexerError.Damage: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .noDirectory: "a directory of the store is missing, or is a link"
    case .noTaskInput: "a file of the store is missing, or is a link"
    case .noIndexDirectory(let name): "the directory of the index '\(name)' is missing"
    case .truncatedTaskInput: "the input of the task ends too early"
    case .taskWithoutNumber: "a task without a number"
    case .changedValue: "a value is not what was written"
    case .undecodable(let reason), .contradiction(let reason): reason
    }
  }
}

extension IndexerError.Contention: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .locked: "someone else has the lock"
    case .writer(let name): "another program is writing to the index '\(name)'"
    case .writerKeepsReadersOut:
      "another program is writing, and who may only read has to wait"
    case .scheduler: "another scheduler works on the store"
    case .newIndex(let name): "another program has just created an index '\(name)'"
    case .movedIndex(let name):
      "another program has just dropped or moved the index '\(name)'"
    case .indexInUse(let name, let waited, let users):
      "the index '\(name)' was not free for \(waited): "
        + (users.map { "in use by \($0)" } ?? "it is being opened or closed")
    case .ownReader(let name):
      "the calling thread reads the index '\(name)' and is to write to it"
    }
  }
}

extension IndexerError.MemoryLimit: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .addressSpace(let byteCount):
      "only \(byteCount >> 20) MiB of address space are left"
    case .fixedMap(let byteCount): "the map of \(byteCount) bytes is full and does not grow"
    case .map(let byteCount): "the map of \(byteCount) bytes is full and cannot grow"
    }
  }
}

// MARK: - What is below

extension IndexerError.SystemFailure: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    switch self {
    case .file(let operation, let number): "\(operation.rawValue): \(text(ofErrno: number))"
    case .readOnlyFileSystem: "the store is on a read-only file system"
    case .readOnlyStore: "the store may not be written to"
    case .thread: "the system gives no thread"
    case .other(let text): text
    }
  }
}

extension IndexerError.SearchTimeout: CustomStringConvertible {
  /// What was wrong, for logs.
  public var description: String {
    let problem = "the search took longer than \(allowed)"
    guard let word = commonestWord else { return problem }
    let terms = word.termCount == 1 ? "1 term" : "\(word.termCount) terms"
    return "\(problem): '\(word.text)' alone stands for \(terms) in \(word.documentCount) documents"
  }
}

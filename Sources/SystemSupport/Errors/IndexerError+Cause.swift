import Glibc

extension IndexerError {
  /// What was wrong, by what it was wrong with.
  public enum Cause: Sendable, Equatable {
    /// An input cannot be read as documents.
    case input(InputProblem)
    /// A document cannot be indexed.
    case document(DocumentError, DocumentRole)
    /// A name or a value of the request is not acceptable.
    case request(RequestProblem)
    /// A query cannot be answered.
    case query(QueryProblem)
    /// What was asked for is not there.
    case missing(MissingObject)
    /// What is there is of another program or version.
    case foreign(ForeignObject)
    /// What is stored is damaged.
    case damage(Damage)
    /// Others are at work on it.
    case contention(Contention)
    /// There is no room in memory.
    case memory(MemoryLimit)
    /// The operating system refused.
    case system(SystemFailure)
    /// The key-value store refused.
    case keyValueStore(KeyValueStoreFailure)
    /// The caller asked for the end.
    case cancelled
    /// A search took longer than the caller allowed.
    case timedOut(SearchTimeout)
  }
}

// MARK: - What is given

extension IndexerError {
  /// Why an input cannot be read as documents.
  public enum InputProblem: Sendable, Equatable {
    /// The operating system refused, with an `errno` value.
    case unreadable(FileOperation, errno: Int32)
    /// It is a directory.
    case isDirectory
    /// There are no documents in it.
    case noDocuments
    /// There are no documents left that would say which field holds the ids.
    case noDocumentWithPrimaryKey
    /// The input ends within an array.
    case arrayWithoutEnd
    /// A byte is not what belongs there.
    case unexpectedByte(UInt8, expected: ExpectedValue)
    /// The bytes are of a format that is not read.
    case foreignFormat(ForeignFormat)
    /// The index would have more fields than it may; `field` is the first of too many.
    case tooManyFields(limit: Int, field: String)
  }

  /// What belongs at a place of an input in JSON.
  public enum ExpectedValue: Sendable, Equatable {
    /// An object.
    case object
    /// An element of an array.
    case element
    /// A comma, or the end of an array.
    case commaOrEnd
    /// Nothing: the array has ended.
    case nothing
  }

  /// Formats that an input is recognized by its first bytes to have, and that are not read.
  public enum ForeignFormat: Sendable, Equatable, CaseIterable {
    case utf16, gzip, zstd, xz, bzip2, lz4, zip, parquet, sqlite, pdf
  }

  /// What a bad document means for its input.
  public enum DocumentRole: Sendable, Equatable {
    /// The input cannot be read without it: it names the fields, or settles which holds the ids.
    case essential
    /// It could have been left out, had the configuration said so.
    case optional
    /// The input was taken for JSON though nothing says so, and does not begin like it.
    case ofGuessedFormat
    /// It is the first of `count` documents that were left out, and there is no other one.
    case onlyBadOnes(count: Int)
  }

  /// Why a request is not acceptable.
  public enum RequestProblem: Sendable, Equatable {
    /// The name cannot be that of an index.
    case indexName(String)
    /// There is an index of that name.
    case indexExists(String)
    /// An index cannot be swapped with itself.
    case swapWithItself(String)
    /// The name of the primary key is empty.
    case emptyPrimaryKey
    /// The index has another primary key than the one asked for.
    case otherPrimaryKey(String, wanted: String)
    /// No document can have the id.
    case documentID(DocumentError)
    /// The byte cannot stand between fields.
    case separator(UInt8)
    /// The byte cannot stand between the fields of a format, given by its name.
    case separatorOfFormat(UInt8, format: String)
    /// A value of the configuration is out of range.
    case setting(Setting, value: Int, allowed: ClosedRange<Int>)
  }

  /// Values of a configuration that have a range.
  public enum Setting: Sendable, Equatable {
    case memoryByteCount, threadCount, maximumFieldCount, maximumDocumentByteCount
  }

  /// Why a query cannot be answered.
  public enum QueryProblem: Sendable, Equatable {
    /// The index has no such field; `known` are the first of those it has.
    case unknownField(String, known: [String])
    /// The limit or the offset is negative.
    case negativeRange
    /// There are no words in it.
    case noWords
    /// There are more words in it than it may have.
    case tooManyWords(count: Int, limit: Int)
    /// A word stands for more terms than are looked for.
    case tooManyTerms(word: String, limit: Int)
  }
}

// MARK: - What is there

extension IndexerError {
  /// What is not there.
  public enum MissingObject: Sendable, Equatable {
    /// The store.
    case store
    /// The index of that name.
    case index(String)
    /// The index of that name is not where it has just been: it was dropped or moved.
    case movedIndex(String)
    /// The task with that number.
    case task(UInt64)
  }

  /// What is of another program or version.
  public enum ForeignObject: Sendable, Equatable {
    /// The directory is not empty and no store.
    case directory
    /// The store's layout is of another version.
    case storeVersion
    /// The index has another format version.
    case indexVersion(UInt64, supported: UInt64)
  }

  /// What is damaged.
  public enum Damage: Sendable, Equatable {
    /// A directory of the store is missing, or is a link.
    case noDirectory
    /// The file with a task's input is missing, or is a link.
    case noTaskInput
    /// The directory of an index is missing.
    case noIndexDirectory(index: String)
    /// The input of a task ends too early.
    case truncatedTaskInput
    /// A task is stored under a key that is no number.
    case taskWithoutNumber
    /// A value is not what was written.
    case changedValue
    /// A value cannot be decoded, for a reason in words.
    case undecodable(String)
    /// Values contradict each other, as said in words.
    case contradiction(String)
  }

  /// Others that are at work.
  public enum Contention: Sendable, Equatable {
    /// Another program has the lock.
    case locked
    /// Another program writes to the index.
    case writer(index: String)
    /// Another program writes, and the permission to write would be needed to read meanwhile.
    case writerKeepsReadersOut
    /// Another scheduler works on the store.
    case scheduler
    /// Another program has just created an index of that name.
    case newIndex(String)
    /// Another program has just dropped or moved the index.
    case movedIndex(String)
    /// The index was not free for some time: those who use it are described.
    case indexInUse(String, waited: Duration, users: String?)
    /// The calling thread reads the index that it is to write to.
    case ownReader(index: String)
  }

  /// What there is no room for.
  public enum MemoryLimit: Sendable, Equatable {
    /// So little address space is left that nothing can be done.
    case addressSpace(byteCount: Int)
    /// The map of an index is full, and no larger one is allowed.
    case fixedMap(byteCount: Int)
    /// The map of an index is full, and there is no room for a larger one.
    case map(byteCount: Int)
  }
}

// MARK: - What is below

extension IndexerError {
  /// What was done with a file.
  public enum FileOperation: String, Sendable {
    case find = "look at"
    case open, create, read, write, copy, rename, remove, list, lock, synchronize
    case createDirectory = "create the directory"
  }

  /// What the operating system refused.
  public enum SystemFailure: Sendable, Equatable {
    /// An operation on a file, with an `errno` value.
    case file(FileOperation, errno: Int32)
    /// To write to a store on a file system that is mounted read-only.
    case readOnlyFileSystem
    /// To write to a store, for lack of permission.
    case readOnlyStore
    /// To start a thread.
    case thread
    /// Something else, in its own words.
    case other(String)
  }

  /// What the key-value store refused.
  public struct KeyValueStoreFailure: Sendable, Equatable {
    /// The kinds of failures that something can be done about.
    public enum Kind: Sendable, Equatable {
      case accessDenied, busy, damaged, fileTooLarge, foreignFile, foreignVersion, mapFull
      case noSuchFile, outOfMemory, outOfSpace, panic, readOnlyFileSystem, tooManyOpenFiles
      case tooManyReaders, transactionFull, other
    }

    /// The kind of failure.
    public let kind: Kind
    /// Its number in LMDB if it is negative, else an `errno` value.
    public let number: Int32
    /// The operation that failed: "open", "put", "commit".
    public let operation: String
    /// The case at hand in words.
    public let reason: String

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - kind: The kind of failure.
    ///   - number: Its number.
    ///   - operation: The operation that failed.
    ///   - reason: The case at hand in words.
    public init(_ kind: Kind, number: Int32, operation: String, reason: String) {
      self.kind = kind
      self.number = number
      self.operation = operation
      self.reason = reason
    }
  }

  /// How far a search came in the time that was allowed.
  public struct SearchTimeout: Sendable, Equatable {
    /// The word of a query that took the most time.
    public struct Word: Sendable, Equatable {
      /// The word.
      public let text: String
      /// The terms it stands for, as far as they were counted.
      public let termCount: Int
      /// The documents that have these terms; one that has several counts for each.
      public let documentCount: Int

      package init(text: String, termCount: Int, documentCount: Int) {
        self.text = text
        self.termCount = termCount
        self.documentCount = documentCount
      }
    }

    /// How long the search was allowed to take.
    public let allowed: Duration
    /// The word that stands for the most documents, if one was begun with.
    public let commonestWord: Word?

    package init(allowed: Duration, commonestWord: Word?) {
      self.allowed = allowed
      self.commonestWord = commonestWord
    }
  }
}

// MARK: - Codes

extension IndexerError.Cause {
  /// The kind of failure.
  public var code: IndexerError.Code {
    switch self {
    case .input(.unreadable(.open, errno: let number)) where number == EMFILE: .storage
    case .input, .document: .badInput
    case .request, .query: .badRequest
    case .missing: .notFound
    case .foreign: .foreignStore
    case .damage: .corrupted
    case .contention: .busy
    case .memory: .outOfMemory
    case .system(.file(_, errno: let number)) where number == ENOENT: .notFound
    case .system: .storage
    case .keyValueStore(let failure): failure.kind.code
    case .cancelled: .cancelled
    case .timedOut: .timedOut
    }
  }
}

extension IndexerError.KeyValueStoreFailure.Kind {
  fileprivate var code: IndexerError.Code {
    switch self {
    case .busy: .busy
    case .foreignFile, .foreignVersion: .foreignStore
    case .damaged: .corrupted
    case .noSuchFile: .notFound
    case .outOfMemory: .outOfMemory
    case .accessDenied, .fileTooLarge, .mapFull, .outOfSpace, .panic, .readOnlyFileSystem,
      .tooManyOpenFiles, .tooManyReaders, .transactionFull, .other:
      .storage
    }
  }
}

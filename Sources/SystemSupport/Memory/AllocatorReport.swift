import Glibc

/// Which allocator serves the process, and whether each part of it uses that one, found out by
/// asking the allocator whether it made blocks of theirs.
///
/// Looking up the symbol `malloc` would not tell: a library may carry an allocator of its own.
public struct AllocatorReport: Sendable, Equatable {
  /// A part of the process that allocates.
  public struct Part: Sendable, Equatable {
    /// What it is.
    public var name: String
    /// Whether its block belongs to the process's allocator; `nil` if that cannot tell.
    public var isShared: Bool?
  }

  /// An allocator, as far as it can be told.
  public struct Allocator: Sendable, Equatable {
    /// Its name, such as "mimalloc", or the name of the library it is in.
    public var name: String
    /// Its version, such as "2.0.9", if it tells.
    public var version: String?
    /// The file that answers `malloc`, as the dynamic linker names it.
    public var file: String
  }

  /// The allocator that answers `malloc`.
  public var allocator: Allocator
  /// The parts that were looked at.
  public var parts: [Part]
  /// The sanitizer that has taken malloc over, if any. The parts then say nothing.
  public var sanitizer: String?
  /// Whether transparent huge pages are given: "always", "madvise" or "never"; `nil` if the system
  /// does not tell.
  public var transparentHugePages: String?
  /// The bytes of this process that are in huge pages; `nil` if the system does not tell.
  public var hugePageByteCount: Int?

  /// Whether one allocator serves the whole process, and is known to.
  public var isUnified: Bool { parts.allSatisfy { $0.isShared == true } }

  /// Looks at the process now.
  ///
  /// - Parameter others: Parts that this module does not know, each with a function that makes a
  ///   block of theirs, and its least size in bytes.
  package static func current(
    with others: [(name: String, byteCount: UInt64, makeBlock: () -> UInt)]
  ) -> AllocatorReport {
    let process = ProcessAllocator.current
    let own: [(name: String, byteCount: UInt64, makeBlock: () -> UInt)] = [
      ("malloc", 64, mallocBlock), ("aligned blocks", 64, alignedBlock),
      ("Swift objects", 1_000, swiftObject), ("Swift arrays", 1_000, swiftArray),
    ]
    return AllocatorReport(
      allocator: Allocator(name: process.name, version: process.version, file: process.file),
      parts: (own + others).map {
        Part(name: $0.name, isShared: process.owns(atLeast: $0.byteCount, $0.makeBlock))
      },
      sanitizer: sanitizerName(), transparentHugePages: hugePages(),
      hugePageByteCount: hugePageByteCount())
  }

  /// The bytes of this process that are in huge pages now.
  private static func hugePageByteCount() -> Int? {
    ProcFile.read("/proc/self/smaps_rollup")?.split(separator: "\n")
      .first { $0.hasPrefix("AnonHugePages:") }?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
  }

  private static func hugePages() -> String? {
    // The one in use stands in brackets: "always [madvise] never".
    let text = ProcFile.read("/sys/kernel/mm/transparent_hugepage/enabled")
    return text?.split(separator: "[").last?.split(separator: "]").first.map(String.init)
  }

  // Each makes a block of its part and returns its address, or 0.

  private static func mallocBlock() -> UInt {
    // SAFETY: the block is freed below; freeing null does nothing.
    let block = unsafe malloc(64)
    defer { unsafe free(block) }
    return UInt(bitPattern: block)
  }

  private static func alignedBlock() -> UInt {
    var block: UnsafeMutableRawPointer?
    // SAFETY: 4096 is a power of two; the block is freed below if there is one.
    guard unsafe posix_memalign(&block, 4096, 64) == 0 else { return 0 }
    defer { unsafe free(block) }
    return UInt(bitPattern: block)
  }

  private static func swiftObject() -> UInt {
    // An object that is made by the runtime, with room behind its fields.
    let object = ManagedBuffer<Void, UInt64>.create(minimumCapacity: 128) { _ in }
    return withExtendedLifetime(object) {
      UInt(bitPattern: ObjectIdentifier(object))
    }
  }

  private static func swiftArray() -> UInt {
    let array = [UInt8](repeating: 1, count: 1_000)
    // SAFETY: only the address is looked at.
    return unsafe array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
  }

  private static func sanitizerName() -> String? {
    // SAFETY: the program itself is always open; only the presence of a symbol is asked.
    let program = unsafe dlopen(nil, RTLD_NOW)
    for (symbol, name) in [("__asan_init", "AddressSanitizer"), ("__tsan_init", "ThreadSanitizer")]
    where unsafe dlsym(program, symbol) != nil {
      return name
    }
    return nil
  }
}

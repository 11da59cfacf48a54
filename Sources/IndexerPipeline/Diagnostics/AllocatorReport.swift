import Glibc
import LMDB

/// Which allocator serves the process, and whether each part of it uses that one, found out by asking
/// the allocator whether blocks of theirs are its own.
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

  /// Whether one allocator serves the whole process, and is known to.
  public var isUnified: Bool { parts.allSatisfy { $0.isShared == true } }

  /// Looks at the process now.
  public static func current() -> AllocatorReport {
    let identity = Identity.current()
    func part(_ name: String, _ address: UInt) -> Part {
      Part(name: name, isShared: identity.owns(address))
    }
    return AllocatorReport(
      allocator: identity.allocator,
      parts: [
        part("malloc", mallocBlock()), part("aligned blocks", alignedBlock()),
        part("Swift objects", swiftObject()), part("Swift arrays", swiftArray()),
        part("LMDB", lmdbBlock()),
      ],
      sanitizer: sanitizerName(), transparentHugePages: hugePages())
  }

  private static func hugePages() -> String? {
    // The one in use stands in brackets: "always [madvise] never".
    let text = ProcFile.read("/sys/kernel/mm/transparent_hugepage/enabled")
    return text?.split(separator: "[").last?.split(separator: "]").first.map(String.init)
  }

  // The addresses of blocks of each part. The blocks are gone when they are asked for, which the
  // allocators' answers do not depend on: they know their regions by address.

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

  private final class Probe {
    let value = 1
  }

  private static func swiftObject() -> UInt {
    let object = Probe()
    return withExtendedLifetime(object) {
      UInt(bitPattern: ObjectIdentifier(object))
    }
  }

  private static func swiftArray() -> UInt {
    let array = [UInt8](repeating: 1, count: 100)
    // SAFETY: only the address is looked at.
    return unsafe array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
  }

  private static func lmdbBlock() -> UInt {
    (try? Environment.withProbe { $0 }) ?? 0
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

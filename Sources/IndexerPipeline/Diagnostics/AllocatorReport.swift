import CMimalloc
import LMDB

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Which allocator each part of the process uses, found out by asking mimalloc whether blocks of
/// theirs are its own.
///
/// Looking up the symbol `malloc` would not tell: a library may carry an allocator of its own.
public struct AllocatorReport: Sendable, Equatable {
  /// A part of the process that allocates.
  public struct Part: Sendable, Equatable {
    /// What it is.
    public var name: String
    /// Whether its block belongs to mimalloc.
    public var usesMimalloc: Bool
  }

  /// The version of mimalloc, such as "2.0.9".
  public var version: String
  /// The parts that were looked at.
  public var parts: [Part]
  /// The sanitizer that has taken malloc over, if any. The parts then say nothing.
  public var sanitizer: String?

  /// Whether one allocator serves the whole process.
  public var isUnified: Bool { parts.allSatisfy(\.usesMimalloc) }

  /// Looks at the process now.
  public static func current() -> AllocatorReport {
    let number = Int(mi_version())
    return AllocatorReport(
      version: "\(number / 100).\(number / 10 % 10).\(number % 10)",
      parts: [
        Part(name: "malloc", usesMimalloc: mallocBlock()),
        Part(name: "aligned blocks", usesMimalloc: alignedBlock()),
        Part(name: "Swift objects", usesMimalloc: swiftObject()),
        Part(name: "Swift arrays", usesMimalloc: swiftArray()),
        Part(name: "LMDB", usesMimalloc: lmdbBlock()),
      ],
      sanitizer: sanitizerName())
  }

  private static func belongs(_ address: UInt) -> Bool {
    // SAFETY: mimalloc only compares the address with its regions.
    unsafe mi_is_in_heap_region(UnsafeRawPointer(bitPattern: address))
  }

  private static func mallocBlock() -> Bool {
    // SAFETY: the block is freed below; freeing null does nothing.
    let block = unsafe malloc(64)
    defer { unsafe free(block) }
    return belongs(UInt(bitPattern: block))
  }

  private static func alignedBlock() -> Bool {
    var block: UnsafeMutableRawPointer?
    // SAFETY: 4096 is a power of two; the block is freed below if there is one.
    guard unsafe posix_memalign(&block, 4096, 64) == 0 else { return false }
    defer { unsafe free(block) }
    return belongs(UInt(bitPattern: block))
  }

  private final class Probe {
    let value = 1
  }

  private static func swiftObject() -> Bool {
    let object = Probe()
    return withExtendedLifetime(object) {
      belongs(UInt(bitPattern: ObjectIdentifier(object)))
    }
  }

  private static func swiftArray() -> Bool {
    let array = [UInt8](repeating: 1, count: 100)
    // SAFETY: only the address is looked at.
    return unsafe array.withUnsafeBytes { belongs(UInt(bitPattern: $0.baseAddress)) }
  }

  private static func lmdbBlock() -> Bool {
    (try? Environment.withProbe(belongs)) ?? false
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

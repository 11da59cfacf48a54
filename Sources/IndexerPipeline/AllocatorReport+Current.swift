import CSimdJSON
import LMDB

extension AllocatorReport {
  /// Looks at the process now, the C++ and C libraries of the indexer included.
  public static func current() -> AllocatorReport {
    current(with: [("C++ objects", 64, cxxObject), ("LMDB", 200, lmdbBlock)])
  }

  /// What `operator new` returns in the C++ libraries.
  private static func cxxObject() -> UInt {
    // SAFETY: the parser is not used; destroying null does nothing.
    let parser = unsafe json_parser_create()
    defer { unsafe json_parser_destroy(parser) }
    return UInt(bitPattern: parser)
  }

  private static func lmdbBlock() -> UInt {
    (try? Environment.withProbe { $0 }) ?? 0
  }
}

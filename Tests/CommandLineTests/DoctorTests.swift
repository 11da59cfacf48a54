import ArenaTestSupport
import Foundation
import Testing

/// What `doctor` says of a process whose parts share an allocator, and of one whose parts do not.
@Suite struct DoctorTests {
  private static let libraries = "/usr/lib/x86_64-linux-gnu"
  private static let jemalloc = "\(libraries)/libjemalloc.so.2"
  private static let lmdb = "\(libraries)/liblmdb.so.0"

  private func doctor(_ environment: [String]) throws -> ChildProcess {
    let program = BuildLayout.products.appendingPathComponent("arena-index").path
    return try ChildProcess("env", environment + [program, "doctor", "--require-unified"])
  }

  @Test func theProgramHasOneAllocator() throws {
    let result = try doctor([])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("✓ LMDB            mimalloc"))
    #expect(result.output.contains("One allocator serves the whole process."))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: jemalloc)))
  func anotherAllocatorForAllIsToldAndNoError() throws {
    let result = try doctor(["LD_PRELOAD=\(Self.jemalloc)"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("✓ LMDB            jemalloc"))
    #expect(result.output.contains("which LD_PRELOAD puts before"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: jemalloc)))
  func theCLibrarysAllocatorIsNotTakenForAnotherThatIsLoadedToo() throws {
    let result = try doctor(["LD_PRELOAD=libc.so.6 \(Self.jemalloc)"])
    #expect(result.exitCode == 1)
    #expect(result.output.contains("? malloc          libc.so.6 or another; it cannot tell"))
  }

  /// `dlsym("malloc")` looks right here: LMDB alone calls something else.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: lmdb)))
  func anLMDBWithAnAllocatorOfItsOwnIsFound() throws {
    let directory = TemporaryDirectory()
    let own = try makeLMDBWithItsOwnAllocator(in: directory)
    let result = try doctor(["LD_LIBRARY_PATH=\(directory.path)", "LD_PRELOAD=\(own)"])
    #expect(result.exitCode == 1)
    #expect(result.output.contains("✓ malloc          mimalloc"))
    #expect(result.output.contains("✗ LMDB            another allocator"))
    #expect(result.output.contains("not shared by LMDB"))
  }

  /// jemalloc was asked about an address that was not its own, which ended the process.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: lmdb)
        && FileManager.default.fileExists(atPath: jemalloc)))
  func anLMDBWithAnAllocatorOfItsOwnIsFoundBesideJemalloc() throws {
    let directory = TemporaryDirectory()
    let own = try makeLMDBWithItsOwnAllocator(in: directory)
    let result = try doctor([
      "LD_LIBRARY_PATH=\(directory.path)", "LD_PRELOAD=\(own) \(Self.jemalloc)",
    ])
    #expect(result.exitCode == 1, "\(result.errors)")
    #expect(result.output.contains("✓ malloc          jemalloc"))
    #expect(result.output.contains("✓ C++ objects     jemalloc"))
    #expect(result.output.contains("✗ LMDB            another allocator"))
  }

  /// Makes a copy of LMDB in `directory` that has a pool of its own, and the library with the pool.
  private func makeLMDBWithItsOwnAllocator(
    in directory: borrowing TemporaryDirectory
  ) throws -> String {
    // LMDB as it is, but for the names that it looks its allocator up by.
    var library = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.lmdb)))
    for (name, other) in [("malloc", "mylloc"), ("calloc", "cylloc"), ("realloc", "reylloc")] {
      try replace(Array("\0\(name)\0".utf8), by: Array("\0\(other)\0".utf8), in: &library)
    }
    try Data(library).write(to: URL(fileURLWithPath: directory.path + "/liblmdb.so.0"))
    let source = try directory.write(
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <string.h>
      static char pool[16 << 20];
      static size_t used;
      void *mylloc(size_t n) { used += 32 + (n & ~15ul); return pool + used - (16 + (n & ~15ul)); }
      void *cylloc(size_t a, size_t b) { return memset(mylloc(a * b), 0, a * b); }
      void *reylloc(void *p, size_t n) { void *q = mylloc(n); return p ? memcpy(q, p, n) : q; }
      void free(void *p) {
        static void (*next)(void *);
        if ((char *)p >= pool && (char *)p < pool + sizeof pool) return;
        if (!next) next = dlsym(RTLD_NEXT, "free");
        next(p);
      }
      """, to: "own.c")
    let own = directory.path + "/libown.so"
    let compiled = try ChildProcess("cc", ["-shared", "-fPIC", "-o", own, source])
    #expect(compiled.exitCode == 0, "\(compiled.errors)")
    return own
  }

  private func replace(_ old: [UInt8], by new: [UInt8], in bytes: inout [UInt8]) throws {
    let index = bytes.indices.first { bytes[$0...].starts(with: old) }
    bytes.replaceSubrange(try #require(index)..<(index ?? 0) + old.count, with: new)
  }
}

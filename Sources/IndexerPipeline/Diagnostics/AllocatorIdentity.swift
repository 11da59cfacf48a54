import CMimalloc
import Glibc

extension AllocatorReport {
  /// The allocator of the process, and how it tells its own blocks from others.
  struct Identity {
    let allocator: Allocator
    private let test: Test

    // SAFETY: the counter is read on the thread that it belongs to.
    @safe
    private enum Test {
      case mimalloc
      case jemalloc(allocatedByteCount: UnsafePointer<UInt64>)
      case none
    }

    /// jemalloc's `mallctl`.
    private typealias Control =
      @convention(c) (
        UnsafePointer<CChar>, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?,
        UnsafeMutableRawPointer?, Int
      ) -> Int32

    /// Finds out who answers `malloc`.
    static func current() -> Identity {
      let file = fileOfMalloc()
      // SAFETY: the block is freed below; only its address is used.
      let block = unsafe malloc(64)
      defer { unsafe free(block) }
      // A library that is loaded before all others answers for `mi_…` too: this is its version.
      if unsafe mi_is_in_heap_region(block) {
        let version = mimallocVersion(Int(mi_version()))
        return Identity(
          allocator: Allocator(name: "mimalloc", version: version, file: file), test: .mimalloc)
      }
      if let jemalloc = jemalloc(file: file) { return jemalloc }
      let name = file.split(separator: "/").last.map(String.init) ?? "unknown"
      return Identity(allocator: Allocator(name: name, version: nil, file: file), test: .none)
    }

    /// jemalloc, if it is loaded and it is what answers `malloc`.
    private static func jemalloc(file: String) -> Identity? {
      // SAFETY: jemalloc's documentation gives `mallctl` this signature.
      guard let symbol = unsafe dlsym(nil, "mallctl") else { return nil }
      let control = unsafe unsafeBitCast(symbol, to: Control.self)
      var counter: UnsafePointer<UInt64>?
      var byteCount = unsafe MemoryLayout.size(ofValue: counter)
      // SAFETY: writes the address of a number that lives as long as this thread.
      guard unsafe control("thread.allocatedp", &counter, &byteCount, nil, 0) == 0,
        let counter = unsafe counter
      else { return nil }
      let identity = unsafe Identity(
        allocator: Allocator(name: "jemalloc", version: unsafe version(control), file: file),
        test: .jemalloc(allocatedByteCount: counter))
      let isInUse = identity.owns(atLeast: 64) {
        // SAFETY: the block is freed at once; only its address is used.
        let block = unsafe malloc(64)
        defer { unsafe free(block) }
        return UInt(bitPattern: block)
      }
      return isInUse == true ? identity : nil
    }

    /// 209 is 2.0.9; since 3.4 there are two digits for each part but the first: 30403 is 3.4.3.
    private static func mimallocVersion(_ number: Int) -> String {
      number < 10_000
        ? "\(number / 100).\(number / 10 % 10).\(number % 10)"
        : "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }

    /// The file that the code of `malloc` is in.
    private static func fileOfMalloc() -> String {
      // SAFETY: only looks a symbol up.
      let symbol = unsafe dlsym(nil, "malloc")
      let address = UInt(bitPattern: symbol)
      for line in ProcFile.read("/proc/self/maps")?.split(separator: "\n") ?? [] {
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        guard fields.count >= 6 else { continue }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        if bounds.count == 2, address >= bounds[0], address < bounds[1] {
          return fields[5...].joined(separator: " ")
        }
      }
      return "unknown"
    }

    private static func version(_ control: Control) -> String? {
      var text: UnsafePointer<CChar>?
      var byteCount = unsafe MemoryLayout.size(ofValue: text)
      // SAFETY: the result is a static string, of which the address is written.
      guard unsafe control("version", &text, &byteCount, nil, 0) == 0, let text = unsafe text
      else { return nil }
      return unsafe String(String(cString: text).prefix { $0 != "-" })
    }

    /// Whether what `makeBlock` allocates is this allocator's, or `nil` if it cannot tell.
    ///
    /// - Parameters:
    ///   - byteCount: The least size of the block.
    ///   - makeBlock: Allocates a block, and nothing else of that size, on this thread, and returns its
    ///     address, or 0 if it could not. The block may be gone by then.
    func owns(atLeast byteCount: UInt64, _ makeBlock: () -> UInt) -> Bool? {
      switch test {
      case .mimalloc:
        let address = makeBlock()
        // SAFETY: mimalloc only compares the address with its regions.
        return address == 0
          ? nil : unsafe mi_is_in_heap_region(UnsafeRawPointer(bitPattern: address))
      case .jemalloc(let allocatedByteCount):
        // jemalloc has no question that may be asked of a foreign address. It counts what a thread
        // allocates.
        let before = unsafe allocatedByteCount.pointee
        let address = makeBlock()
        let after = unsafe allocatedByteCount.pointee
        return address == 0 ? nil : after &- before >= byteCount
      case .none:
        return nil
      }
    }
  }
}

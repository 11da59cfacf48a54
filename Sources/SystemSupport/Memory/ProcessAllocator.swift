import CMimalloc
import Glibc

/// The allocator that answers `malloc`, and how it tells its own blocks from others. It does not
/// change while the process lives.
struct ProcessAllocator: Sendable {
  /// Its version, such as "2.0.9", if it tells.
  let version: String?
  private let knownName: String?
  private let kind: Kind

  // SAFETY: the functions are called as their documentation says.
  @safe
  private enum Kind: Sendable {
    case mimalloc
    case jemalloc(Control)
    case cLibrary(Trim)
    case other
  }

  /// jemalloc's `mallctl`.
  private typealias Control =
    @convention(c) @Sendable (
      UnsafePointer<CChar>, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?,
      UnsafeMutableRawPointer?, Int
    ) -> Int32

  /// The C library's `malloc_trim`.
  private typealias Trim = @convention(c) @Sendable (Int) -> Int32

  /// The allocator of this process.
  static let current = ProcessAllocator()

  private init() {
    // SAFETY: jemalloc's documentation gives `mallctl` this signature.
    let control = unsafe dlsym(nil, "mallctl").map { unsafe unsafeBitCast($0, to: Control.self) }
    let before = unsafe Self.allocatedByteCount(control)
    // SAFETY: the block is freed below; only its address is used.
    let block = unsafe malloc(64)
    defer { unsafe free(block) }
    // The block tells: a test may count blocks in a `malloc` of its own, which calls mimalloc's.
    if unsafe mi_is_in_heap_region(block) {
      // A library that is loaded before all others answers for `mi_…` too: this is its version.
      (knownName, version) = ("mimalloc", Self.mimallocVersion(Int(mi_version())))
      kind = .mimalloc
      return
    }
    // A jemalloc that is only loaded, too, does not count the block; and it crashes (5.3) if it is
    // asked for the arena of a block that is not its own.
    if let control = unsafe control, unsafe Self.allocatedByteCount(control) != before {
      (knownName, version) = ("jemalloc", unsafe Self.version(control))
      kind = unsafe .jemalloc(control)
      return
    }
    (knownName, version) = (nil, nil)
    // SAFETY: the C library is loaded already; its documentation gives `malloc_trim` this
    // signature.
    if let library = unsafe dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD),
      unsafe dlsym(library, "malloc") == dlsym(nil, "malloc"),
      let symbol = unsafe dlsym(library, "malloc_trim")
    {
      kind = unsafe .cLibrary(unsafeBitCast(symbol, to: Trim.self))
    } else {
      kind = .other
    }
  }

  /// Its name, such as "mimalloc", or the name of the library it is in.
  var name: String {
    knownName ?? file.split(separator: "/").last.map(String.init) ?? "unknown"
  }

  /// The file that answers `malloc`, as the dynamic linker names it.
  ///
  /// - Complexity: O(*n*) for *n* mappings of the process.
  var file: String {
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

  /// 209 is 2.0.9; since 3.4 there are two digits for each part but the first: 30403 is 3.4.3.
  private static func mimallocVersion(_ number: Int) -> String {
    number < 10_000
      ? "\(number / 100).\(number / 10 % 10).\(number % 10)"
      : "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }

  private static func version(_ control: Control) -> String? {
    var text: UnsafePointer<CChar>?
    var byteCount = unsafe MemoryLayout.size(ofValue: text)
    // SAFETY: the result is a static string, of which the address is written.
    guard unsafe control("version", &text, &byteCount, nil, 0) == 0, let text = unsafe text
    else { return nil }
    return unsafe String(String(cString: text).prefix { $0 != "-" })
  }

  /// The bytes that jemalloc has given to this thread so far.
  private static func allocatedByteCount(_ control: Control?) -> UInt64 {
    var (value, byteCount) = (UInt64(0), MemoryLayout<UInt64>.size)
    // SAFETY: the value is of the size that is told.
    _ = unsafe control?("thread.allocated", &value, &byteCount, nil, 0)
    return value
  }
}

extension ProcessAllocator {
  /// Whether what `makeBlock` allocates is this allocator's, or `nil` if it cannot tell.
  ///
  /// - Parameters:
  ///   - byteCount: The least size of the block.
  ///   - makeBlock: Allocates a block, and nothing else of that size, on this thread, and returns
  ///     its address, or 0 if it could not. The block may be gone by then.
  func owns(atLeast byteCount: UInt64, _ makeBlock: () -> UInt) -> Bool? {
    switch kind {
    case .mimalloc:
      let address = makeBlock()
      // SAFETY: mimalloc only compares the address with its regions.
      return address == 0
        ? nil : unsafe mi_is_in_heap_region(UnsafeRawPointer(bitPattern: address))
    case .jemalloc(let control):
      // jemalloc has no question that may be asked of a foreign address. It counts what a thread
      // allocates.
      let before = unsafe Self.allocatedByteCount(control)
      let address = makeBlock()
      let after = unsafe Self.allocatedByteCount(control)
      return address == 0 ? nil : after &- before >= byteCount
    case .cLibrary, .other:
      return nil
    }
  }

  /// Gives memory that was freed back to the system; see ``ProcessMemory/giveBackFreedMemory()``.
  package func giveBackFreedMemory() {
    switch kind {
    case .mimalloc:
      Self.collect()
    case .jemalloc(let control):
      // SAFETY: neither name takes or gives a value; 4,096 stands for all arenas.
      _ = unsafe control("thread.tcache.flush", nil, nil, nil, 0)
      _ = unsafe control("arena.4096.purge", nil, nil, nil, 0)
    case .cLibrary(let trim):
      _ = trim(0)
    case .other:
      break
    }
  }

  private static let collectors = Collectors()

  private static func collect() {
    // mimalloc 2 puts giving back off for a while, and then waits for the thread's next call.
    // Without a delay it is done at once.
    let version = mi_version()
    guard version < 300 || 20_000..<30_000 ~= version else { return mi_collect(true) }
    collectors.begin()
    mi_collect(true)
    collectors.end()
  }

  /// The threads that collect now. mimalloc's delay is one for all threads: it is restored when the
  /// last of them has ended. Threads that free meanwhile give back at once, too.
  private final class Collectors: @unchecked Sendable {
    // `@unchecked`: the variables are guarded by the monitor.
    private let monitor = Monitor()
    private var count = 0
    private var usualDelay = 0

    func begin() {
      monitor.withLock {
        if count == 0 {
          usualDelay = mi_option_get(mi_option_decommit_delay)
          mi_option_set(mi_option_decommit_delay, 0)
        }
        count += 1
      }
    }

    func end() {
      monitor.withLock {
        count -= 1
        if count == 0 { mi_option_set(mi_option_decommit_delay, usualDelay) }
      }
    }
  }
}

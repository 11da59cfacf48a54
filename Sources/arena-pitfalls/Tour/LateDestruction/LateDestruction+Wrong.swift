/// An arena as one writes it by hand: memory, and how much of it is taken.
@safe final class HandmadeArena {
  private let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
  private var usedByteCount = 0

  func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    defer { usedByteCount += byteCount }
    // SAFETY: the caller takes less than there is.
    return unsafe memory + usedByteCount
  }

  func reset() { usedByteCount = 0 }

  deinit { unsafe memory.deallocate() }
}

/// An array in it that deinitializes its elements when it goes away itself.
@safe struct HandmadeArray<Element: ~Copyable>: ~Copyable {
  private let start: UnsafeMutablePointer<Element>
  private var count = 0

  init(in arena: HandmadeArena, capacity: Int) {
    let bytes = unsafe arena.take(capacity * MemoryLayout<Element>.stride)
    unsafe start = bytes.bindMemory(to: Element.self, capacity: capacity)
  }

  mutating func append(_ element: consuming Element) {
    unsafe (start + count).initialize(to: element)
    count += 1
  }

  // SAFETY: none. Are they still the elements that were appended?
  deinit { unsafe start.deinitialize(count: count) }
}

/// Opens three files, resets the arena, and puts other numbers in it.
func closeTooLate<File: ~Copyable>(_ arena: HandmadeArena, open: (Int) -> File) {
  var files = HandmadeArray<File>(in: arena, capacity: 3)
  for number in 3...5 { files.append(open(number)) }
  arena.reset()
  unsafe arena.take(80).initializeMemory(as: Int.self, repeating: 99, count: 10)
}  // `files` goes away here, after the reset

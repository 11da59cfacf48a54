import Foundation

/// The sanitizer of the test process.
public enum Sanitizer {
  /// Whether AddressSanitizer does.
  public static var isAddressSanitizer: Bool {
    // SAFETY: only whether there is such a symbol is asked.
    unsafe dlsym(nil, "__asan_poison_memory_region") != nil
  }
}

/// An index that is open, and who uses it.
struct IndexUse: CustomStringConvertible {
  var name: String
  var mapByteCount: Int
  var holders: [IndexSlot.Holder]

  var description: String { "'\(name)' (\(Self.describe(holders)))" }

  /// What holders do, and since when.
  static func describe(_ holders: [IndexSlot.Holder]) -> String {
    let now = ContinuousClock.now
    let texts = holders.prefix(3).map { holder in
      "\(holder.purpose) for \(Int((now - holder.since) / .milliseconds(1))) ms"
    }
    return texts.joined(separator: ", ") + (holders.count > 3 ? ", …" : "")
  }
}

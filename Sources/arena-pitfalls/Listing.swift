/// The text of the code that this program runs, and what the compiler says of the code that it
/// rejects.
///
/// The files in `Listings` are written by `Scripts/pitfall-listings`; a test compares them with the
/// sources.
enum Listing {
  static func code(of half: Pitfall.Half, _ pitfall: Pitfall) -> String? {
    (half == .wrong ? wrong : right)[pitfall.fileName]
  }
}

/// Why a document cannot be indexed. The caller knows which document it is.
struct DocumentError: Error, Equatable {
  /// What is wrong with it.
  let problem: String
  /// What to do about it, besides leaving it out.
  let advice: String?

  init(_ problem: String, advice: String? = nil) {
    self.problem = problem
    self.advice = advice
  }
}

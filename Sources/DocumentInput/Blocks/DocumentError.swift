/// Why a document cannot be indexed. The caller knows which document it is.
package struct DocumentError: Error, Equatable {
  /// What is wrong with it.
  package let problem: String
  /// What to do about it, besides leaving it out.
  package let advice: String?

  package init(_ problem: String, advice: String? = nil) {
    self.problem = problem
    self.advice = advice
  }
}

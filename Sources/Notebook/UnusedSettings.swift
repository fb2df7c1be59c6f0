import Script

/// Names of `--set name=value` that no script asked for with `option`: misspelt, as likely as not.
package struct UnusedSettings {
  private let given: [String]
  private var asked: Set<String> = []

  package init(given: [String]) { self.given = given }

  /// A session has run.
  package mutating func note(_ session: Session) {
    asked.formUnion(session.interpreter.optionsAsked)
  }

  /// A line for each name; empty where all were asked for.
  package var remarks: [String] {
    var seen: Set<String> = []
    return given.filter { !asked.contains($0) && seen.insert($0).inserted }.map { name in
      let remark = "--set \(name): nothing reads option(\"\(name)\")"
      if let near = DidYouMean.suggestion(for: name, among: asked.sorted()) {
        return "\(remark); did you mean `\(near)`?"
      }
      if asked.isEmpty { return remark }
      return "\(remark); there is " + asked.sorted().joined(separator: ", ")
    }
  }
}

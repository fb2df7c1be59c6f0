import Script
import Tensors

/// What could stand where the cursor is.
package struct Completion {
  /// Where the part to be replaced begins, in UTF-8 bytes.
  package var start: Int
  /// Sorted; a name that is to be called ends with its bracket.
  package var candidates: [String]
}

extension Session {
  /// Completes the name, the member, the file or the `\mu` before the cursor, which counts UTF-8 bytes.
  package func complete(_ text: String, at cursor: Int) -> Completion {
    let before = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
    if let path = openText(before) { return files(path, cursor) }
    let word = before.suffix(while: {
      $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "\\"
    })
    if let slash = word.lastIndex(of: "\\") {
      return symbols(String(word[slash...].dropFirst()), cursor)
    }
    if let dot = word.lastIndex(of: ".") {
      let prefix = String(word[word.index(after: dot)...])
      let found = members(String(word[..<dot])).filter { $0.hasPrefix(prefix) }
      return Completion(start: cursor - prefix.utf8.count, candidates: found.sorted())
    }
    let prefix = String(word)
    let names = interpreter.names + Word.all + argumentNames(before)
    let found = Set(names.filter { $0.hasPrefix(prefix) && !prefix.isEmpty })
    return Completion(start: cursor - prefix.utf8.count, candidates: found.sorted())
  }

  /// `\mu` becomes μ; `\m` lists what it could become.
  private func symbols(_ name: String, _ cursor: Int) -> Completion {
    let start = cursor - name.utf8.count - 1
    let known = Symbols.letters.merging(Symbols.marks) { letter, _ in letter }
    if let symbol = known[name] { return Completion(start: start, candidates: [symbol]) }
    let names = known.keys.filter { $0.hasPrefix(name) }.sorted()
    if names.count == 1, let symbol = known[names[0]] {
      return Completion(start: start, candidates: [symbol])
    }
    return Completion(start: start, candidates: names.map { "\\" + $0 })
  }

  /// What can follow the path and a dot.
  private func members(_ path: String) -> [String] {
    var value: Value?
    for (i, part) in path.split(separator: ".").map(String.init).enumerated() {
      if i == 0 {
        value = interpreter[part]
      } else if case .record(let record) = value {
        value = record[part]
      } else if case .object(let object) = value {
        value = (try? object.attribute(part)) ?? nil
      } else {
        return []
      }
    }
    switch value {
    case .record(let record): return record.names
    case .object(let object): return object.memberNames
    case .tensor, .variable:
      return ["shape", "dtype", "T"] + OperationCatalogue.all.entries.map(\.name)
    case .distribution(let q):
      return q.arguments.tensors.map(\.name) + [
        "log_prob", "prob", "sample", "rsample", "mean", "variance", "entropy", "cdf", "icdf",
      ]
    case .list: return ["append", "pop", "len"]
    default: return []
    }
  }

  /// `title=` within `plot x, ` and `plot(x, `.
  private func argumentNames(_ before: String) -> [String] {
    let line = before.split(separator: "\n").last.map(String.init) ?? ""
    let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    let open = line.lastIndex(of: "(").map {
      String(line[..<$0]).suffix(while: { $0.isLetter || $0.isNumber || $0 == "_" })
    }
    let callee = open.map(String.init) ?? words.first ?? ""
    guard let builtin = interpreter.builtin(callee) else { return [] }
    return builtin.parameters.map { $0.name + "=" }
  }

  /// The text after the last quote, if it is still open.
  private func openText(_ before: String) -> String? {
    guard let line = before.split(separator: "\n", omittingEmptySubsequences: false).last else {
      return nil
    }
    let quotes = line.filter { $0 == "\"" }.count
    guard quotes % 2 == 1, let quote = line.lastIndex(of: "\"") else { return nil }
    return String(line[line.index(after: quote)...])
  }

  private func files(_ path: String, _ cursor: Int) -> Completion {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let prefix = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var names = ((try? world.files.list(folder)) ?? []).filter {
      $0.hasPrefix(prefix) && (!$0.hasPrefix(".") || prefix.hasPrefix("."))
    }
    names = names.map { world.files.kind(of: folder + "/" + $0) == .folder ? $0 + "/" : $0 }
    if slash == nil { names += DataBuiltins.names.filter { $0.hasPrefix(prefix) } }
    return Completion(start: cursor - prefix.utf8.count, candidates: names.sorted())
  }
}

extension String {
  fileprivate func suffix(while isKept: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, isKept(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}

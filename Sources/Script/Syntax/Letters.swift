/// Which characters make names, and which of them are one: `ϕ` and `φ`, `x₁` and `x1`, `𝐱` and `x`.
///
/// A small part of Unicode's NFKC, for the letters of mathematics; canonical equivalence (é and e with
/// an accent) is what `String` compares by already.
/// Source: UAX #15 and #31; the character database's compatibility decompositions.
package enum Letters {
  /// The name that Python would read, compatibility forms replaced.
  package static func normalized(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
    var result = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      if let plain = plain(scalar) {
        result.append(contentsOf: plain)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  package static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIILetter(scalar) }
    return scalar.properties.isXIDStart
  }

  package static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIILetter(scalar) || ("0"..."9").contains(scalar) }
    switch scalar.value {
    case 0x00B7, 0x0387: return false  // a product dot, though Unicode allows it in names
    case 0x2080...0x2089: return true
    default: return scalar.properties.isXIDContinue
    }
  }

  /// The digit or minus that a superscript stands for.
  static func superscript(_ scalar: Unicode.Scalar) -> Character? {
    switch scalar {
    case "⁰": "0"
    case "¹": "1"
    case "²": "2"
    case "³": "3"
    case "⁴": "4"
    case "⁵": "5"
    case "⁶": "6"
    case "⁷": "7"
    case "⁸": "8"
    case "⁹": "9"
    case "⁻": "-"
    default: nil
    }
  }

  private static func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private static func plain(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView? {
    if scalar.isASCII { return nil }
    let plain: String?
    switch scalar.value {
    case 0x2080...0x2089: plain = offset("0", scalar.value - 0x2080)
    case 0xFF10...0xFF19: plain = offset("0", scalar.value - 0xFF10)
    case 0xFF21...0xFF3A: plain = offset("A", scalar.value - 0xFF21)
    case 0xFF41...0xFF5A: plain = offset("a", scalar.value - 0xFF41)
    case 0x1D400...0x1D7FF: plain = mathematical(scalar.value)
    default: plain = variants[scalar]
    }
    return plain?.unicodeScalars
  }

  private static func offset(_ base: Unicode.Scalar, _ steps: UInt32) -> String? {
    Unicode.Scalar(base.value + steps).map { String(Character($0)) }
  }

  /// The Mathematical Alphanumeric Symbols: 13 Latin alphabets, dotless i and j, 5 Greek alphabets,
  /// digamma, 5 rows of digits.
  private static func mathematical(_ value: UInt32) -> String? {
    switch value {
    case 0x1D400...0x1D6A3:
      let letter = (value - 0x1D400) % 52
      return letter < 26 ? offset("A", letter) : offset("a", letter - 26)
    case 0x1D6A4: return "ı"
    case 0x1D6A5: return "ȷ"
    case 0x1D6A8...0x1D7C9:
      let letter = Int((value - 0x1D6A8) % 58)
      return greek.indices.contains(letter) ? greek[letter] : nil
    case 0x1D7CA: return "Ϝ"
    case 0x1D7CB: return "ϝ"
    case 0x1D7CE...0x1D7FF: return offset("0", (value - 0x1D7CE) % 10)
    default: return nil
    }
  }

  private static let greek = Array("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ")
    .map { String($0) }

  private static let variants: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    let pairs = [
      ("ϕϵϑϱϖϰϐϒϴϲϹµſ", "φεθρπκβΥΘςΣμs"),
      ("ₐₑₒₓₔₕₖₗₘₙₚₛₜᵢᵣᵤᵥⱼ", "aeoxəhklmnpstiruvj"),
      ("ᵦᵧᵨᵩᵪᵝᵞᵟᵠᵡᶿ", "βγρφχβγδφχθ"),
      ("ªºⁱⁿʰʲʳʷʸˡˢˣᵃᵇᶜᵈᵉᶠᵍᵏᵐᵒᵖᵗᵘᵛᶻ", "aoinhjrwylsxabcdefgkmoptuvz"),
      ("ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", "ABDEGHIJKLMNOPRTUVW"),
      ("ℂℊℋℌℍℎℏℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴℹⅅⅆⅇⅈⅉ", "CgHHHhħIILlNPQRRRZZBCeEFMoiDdeij"),
    ]
    for (marked, plain) in pairs {
      for (from, to) in zip(marked.unicodeScalars, plain.unicodeScalars) {
        table[from] = String(Character(to))
      }
    }
    for (from, to) in zip("ﬀﬁﬂﬃﬄ".unicodeScalars, ["ff", "fi", "fl", "ffi", "ffl"]) {
      table[from] = to
    }
    return table
  }()
}

extension String {
  /// The text in ASCII: signs and Greek letters spelled out, accents dropped, `?` for the rest.
  var transliterated: String {
    var text = ""
    var isRaised = false
    for character in self {
      if let plain = SignGlyphs.superscripts[character] {
        text += (isRaised ? "" : "^") + String(plain)
        isRaised = true
        continue
      }
      isRaised = false
      if character.isASCII {
        text.append(character)
      } else if let spelled = Transliteration.table[character] {
        text += spelled
      } else if let plain = SignGlyphs.subscripts[character], plain.isASCII {
        text += "_" + String(plain)
      } else if let base = StrokeFont.standard.base(of: character) {
        text += Transliteration.table[base] ?? (base.isASCII ? String(base) : "?")
      } else {
        text += "?"
      }
    }
    return text
  }
}

private enum Transliteration {
  static let table: [Character: String] = [
    "−": "-", "–": "-", "—": "-", "×": "x", "·": "*", "÷": "/", "±": "+-", "≈": "~=", "≠": "!=",
    "≤": "<=", "≥": ">=", "→": "->", "←": "<-", "∞": "inf", "∂": "d", "∇": "grad", "∑": "sum",
    "∏": "prod", "∫": "int", "√": "sqrt", "∈": "in", "∼": "~", "°": "deg", "′": "'", "…": "...",
    "•": "*", "‘": "'", "’": "'", "“": "\"", "”": "\"", "½": "1/2", "‖": "||", "∣": "|",
    "𝔼": "E", "ℝ": "R", "ℓ": "l", "ß": "ss", "ø": "o", "Ø": "O",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "ο": "o", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma",
    "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega",
  ]
}

/// The names of symbols, as TeX has them: for prose shown in a terminal, and for `\mu<Tab>` at the prompt.
package enum Symbols {
  /// Letters that can stand in a name of the language.
  package static let letters: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
  ]

  /// Signs of formulas.
  package static let signs: [String: String] = [
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "~",
    "equiv": "≡", "propto": "∝", "in": "∈", "notin": "∉", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "Rightarrow": "⇒", "mapsto": "↦", "infty": "∞", "partial": "∂",
    "nabla": "∇", "int": "∫", "sum": "Σ", "prod": "Π", "cdot": "·", "times": "×", "odot": "⊙",
    "pm": "±", "circ": "∘", "dots": "…", "ldots": "…", "cdots": "⋯", "forall": "∀", "exists": "∃",
    "mid": "|", "vert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "langle": "⟨",
    "rangle": "⟩", "star": "*", "ast": "*", "quad": "  ", "qquad": "    ", "cup": "∪",
    "cap": "∩", "subset": "⊂",
  ]

  /// Marks that combine with the letter before them.
  package static let marks: [String: String] = [
    "hat": "\u{302}", "widehat": "\u{302}", "tilde": "\u{303}", "widetilde": "\u{303}",
    "bar": "\u{304}", "overline": "\u{304}", "dot": "\u{307}", "vec": "\u{20D7}",
  ]

  static let superscripts: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "+": "⁺", "-": "⁻", "n": "ⁿ", "i": "ⁱ", "k": "ᵏ", "T": "ᵀ", "x": "ˣ", "(": "⁽",
    ")": "⁾",
  ]

  static let subscripts: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "+": "₊", "-": "₋", "a": "ₐ", "e": "ₑ", "h": "ₕ", "i": "ᵢ", "j": "ⱼ", "k": "ₖ",
    "l": "ₗ", "m": "ₘ", "n": "ₙ", "o": "ₒ", "p": "ₚ", "r": "ᵣ", "s": "ₛ", "t": "ₜ", "x": "ₓ",
    "φ": "ᵩ", "β": "ᵦ", "γ": "ᵧ", "ρ": "ᵨ", "χ": "ᵪ",
  ]
}

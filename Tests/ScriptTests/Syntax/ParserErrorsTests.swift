import Script
import Testing

/// A text and the messages it gives, each with its place, and its hints.
private let cases: [(String, String)] = [
  (
    "x = f(1, 2\ny = 3",
    """
    t.dg:1:6: `(` is never closed
       x = f(1, 2
            ^
    """
  ),
  (
    "f(x) = {\n  y = [1, 2\n}\nz = )",
    """
    t.dg:3:1: expected `]`, found `}`
       }
       ^
    t.dg:2:7: `[` is opened here
       y = [1, 2
           ^
    t.dg:4:5: expected a value, found `)`
       z = )
           ^
    """
  ),
  (
    "x = (1, 2]",
    """
    t.dg:1:10: expected `)`, found `]`
       x = (1, 2]
                ^
    t.dg:1:5: `(` is opened here
       x = (1, 2]
           ^
    """
  ),
  (
    "x = 3)",
    """
    t.dg:1:6: `)` closes nothing
       x = 3)
            ^
    """
  ),
  (
    "}\nx = ",
    """
    t.dg:1:1: `}` closes nothing
       }
       ^
    t.dg:2:4: expected a value, found the end of the line
       x =
          ^
    """
  ),
  (
    "for x in xs {\n  x",
    """
    t.dg:1:13: `{` is never closed
       for x in xs {
                   ^
    """
  ),
  (
    "if x = 3 { 4 }",
    """
    t.dg:1:6: `=` assigns; a condition compares
       if x = 3 { 4 }
            ^
       hint: write `==` for equality
    """
  ),
  (
    "check x = 3",
    """
    t.dg:1:9: `=` assigns; a condition compares
       check x = 3
               ^
       hint: write `==` for equality, `≈` or `~=` for equality up to rounding
    """
  ),
  (
    "f (x) + 1",
    """
    t.dg:1:1: `f (x) + 1` can be read in two ways
       f (x) + 1
       ^~~~~~~~~
       hint: write `f(x) + 1` or `f((x) + 1)`
    """
  ),
  (
    "h = f\n>> relu",
    """
    t.dg:2:1: a line cannot begin with `>>`
       >> relu
       ^~
       hint: end the line before with `>>`, or put the whole in parentheses
    """
  ),
  (
    "x = \"abc\ny = $",
    """
    t.dg:1:5: unterminated string
       x = "abc
           ^
       hint: close it with " on the same line; \\n is a line's end
    t.dg:2:5: unknown character `$` (U+0024)
       y = $
           ^
    """
  ),
  (
    "f'(x)",
    """
    t.dg:1:2: unterminated string
       f'(x)
        ^
       hint: a name carries no prime: grad(f) is the derivative of f, x.T the transpose of x
    """
  ),
  (
    "x = \"a {b\"",
    """
    t.dg:1:8: `{` in a string opens a value, and no `}` closes it
       x = "a {b"
              ^
       hint: write {{ for a brace
    """
  ),
  (
    "x = \"a {} {b:qq}\"",
    """
    t.dg:1:8: nothing between `{` and `}` in a string
       x = "a {} {b:qq}"
              ^~
       hint: write {{ and }} for braces
    """
  ),
  (
    "x = \"{b:qq}\"",
    """
    t.dg:1:9: `qq` is no format
       x = "{b:qq}"
               ^~
       hint: `.3f` gives three decimals, `8.2f` eight places in all, `.2e` an exponent
    """
  ),
  (
    "title = \"$\\mu$\"",
    """
    t.dg:1:11: unknown escape `\\m` in a string
       title = "$\\mu$"
                 ^~
       hint: write \\\\m, or r"..." for a string without escapes
    """
  ),
  (
    "x = a && b\ny = 2 × 3",
    """
    t.dg:1:7: unknown character `&&`
       x = a && b
             ^~
       hint: write `and`
    t.dg:2:7: unknown character `×`
       y = 2 × 3
             ^
       hint: write `*`
    """
  ),
  (
    "x = 2y + 3",
    """
    t.dg:1:6: expected the end of the statement, found `y`
       x = 2y + 3
            ^
       hint: a product needs its `*`: `2 * y`
    """
  ),
  (
    "x = 2(y + 3)",
    """
    t.dg:1:6: a number is no function
       x = 2(y + 3)
            ^
       hint: a product needs its `*`: `2 * (...)`
    """
  ),
  (
    "y = load \"x.npy\"",
    """
    t.dg:1:10: expected the end of the statement, found a string
       y = load "x.npy"
                ^~~~~~~
       hint: only a statement is a command; write `load("x.npy")`
    """
  ),
  (
    "plot x y",
    """
    t.dg:1:8: expected `,` or the end of the line after the arguments of `plot`, found `y`
       plot x y
              ^
    """
  ),
  (
    "x [0] = 3",
    """
    t.dg:1:7: `x [0]` calls `x`, and a call cannot be assigned to
       x [0] = 3
             ^
       hint: write `x[0] = ...`
    """
  ),
  (
    "x = [1 2]",
    """
    t.dg:1:8: expected `,` or `]`, found `2`
       x = [1 2]
              ^
    """
  ),
  (
    "f(2) = 3\n3 = x\na == b = c",
    """
    t.dg:1:3: a parameter is a name, with or without a default, not a number
       f(2) = 3
         ^
       hint: for a comparison write `==`
    t.dg:2:1: `=` assigns to a name, an index or a field, not to a number
       3 = x
       ^
    t.dg:3:1: `=` assigns to a name, not to a comparison
       a == b = c
       ^~~~~~
       hint: write `==` for equality
    """
  ),
  (
    "if a { 1 }\nelse { 2 }",
    """
    t.dg:2:1: expected a value, found `else`
       else { 2 }
       ^~~~
       hint: `else` follows the `}` of its `if` on the same line: `} else {`
    """
  ),
  (
    "if a\n{ 1 }",
    """
    t.dg:1:5: expected `{` after `if`, found the end of the line
       if a
           ^
       hint: put the `{` on the line of its `if`
    """
  ),
  (
    "break\nreturn 3",
    """
    t.dg:1:1: `break` outside a loop
       break
       ^~~~~
    """
  ),
  (
    "f(x, x) = 1\ng(x=1, y) = 2",
    """
    t.dg:1:6: two parameters named `x`
       f(x, x) = 1
            ^
    t.dg:2:8: `y` needs a default, since the parameter before it has one
       g(x=1, y) = 2
              ^
    """
  ),
  (
    "x == not y",
    """
    t.dg:1:6: `not` binds less tightly and takes parentheses here
       x == not y
            ^~~
    """
  ),
  (
    "derive \"a\" { x == y }",
    """
    t.dg:1:16: the lines of a derivation are joined by `=`
       derive "a" { x == y }
                      ^~
       hint: write `=`, or put a comparison in parentheses
    """
  ),
  (
    "derive \"a\" { x }",
    """
    t.dg:1:12: a derivation needs a second line, which begins with a relation
       derive "a" { x }
                  ^
    """
  ),
  (
    "f(a=1, a=2)\n(x, 2) -> x",
    """
    t.dg:1:8: two arguments named `a`
       f(a=1, a=2)
              ^~~
    t.dg:2:5: a parameter is a name, with or without a default, not a number
       (x, 2) -> x
           ^
    """
  ),
  (
    "f(x) = {\n for y in x {\n",
    """
    t.dg:2:13: `{` is never closed
       for y in x {
                  ^
    """
  ),
  (
    "derive \"a\" { x y }",
    """
    t.dg:1:16: expected a relation, `because`, `gap =` or the `}` of the derivation, found `y`
       derive "a" { x y }
                      ^
       hint: each line after the first begins with one of = >= <= > < ≈
    """
  ),
]

@Test(arguments: cases)
func anErrorSaysWhatIsWrongAndWhere(text: String, expected: String) {
  #expect(errors(text) == expected)
}

/// What Python's writers try, and the first hint they get.
@Test(arguments: [
  ("def f(x):\n    return x", "a function is written `f(x) = x^2`"),
  ("lambda x: x", "write `x -> x^2`"),
  ("g = lambda x: x", "write `x -> x^2`"),
  ("import torch", "everything is at hand without it; `help` lists what there is"),
  ("from torch import nn", "everything is at hand without it; `help` lists what there is"),
  ("for i in xs:\n    print i", "blocks stand in braces: `for ... { ... }`"),
  ("if x > 3:\n    y", "blocks stand in braces: `if ... { ... }`"),
  ("y = a if c else b", "write `if condition { a } else { b }`"),
  ("x: float = 3", "a name needs no type: `x = 3`"),
  ("x := 3", "write `=`"),
  ("x++", "write `x += 1`"),
  ("x is none", "write `==`"),
  ("let x = 3", "a name is given its value by `x = 3` alone"),
  ("x => 3", "write `>=`, or `->` for a function"),
  ("if x =< 3 { }", "write `==` for equality"),
  ("\"\"\"doc\nmore\"\"\"", "write \\n where a line ends; prose stands in comments, `# ...`"),
  ("pass", "an empty block is `{ }`"),
  ("f(x[0] = 3)", "`=` assigns and stands in statements only; write `==` for equality"),
  ("y = f(x) for x in xs", "a comprehension stands in brackets: `[f(x) for x in xs]`"),
  ("x = 1 + \\\n 2", "a line goes on by itself after a comma, an operator or an open bracket"),
])
func habitsOfOtherLanguagesGetAHint(text: String, hint: String) {
  let tree = Parser.parse(Source(name: "t", text))
  #expect(tree.diagnostics.first?.hints == [hint])
  #expect(tree.diagnostics.count == 1)
}

@Test func whatIsRightAroundAnErrorIsKept() {
  let tree = Parser.parse(
    Source(name: "t", "a = 1\nb = = 2\nc = 3; d = ); e = 5\nf(x) = { y = ) \n x }"))
  #expect(tree.diagnostics.count == 3)
  #expect(
    TreePrinter.text(tree.statements)
      == "(= a 1.0)\n(malformed)\n(= c 3.0)\n(malformed)\n(= e 5.0)\n(define f (x) (block (malformed) x))"
  )
}

@Test func nestingHasALimitOfItsOwn() {
  for bracket in ["(", "[", "{", "-", "f(", "x -> ", "if ", "2^", "not "] {
    let text = String(repeating: bracket, count: 10_000)
    let tree = Parser.parse(Source(name: "t", text))
    #expect(tree.diagnostics.contains { $0.message == "nested too deeply: more than 200 levels" })
  }
  let closed = String(repeating: "(", count: 150) + "x" + String(repeating: ")", count: 150)
  #expect(tree(closed) == "x")
}

@Test func longChainsHaveALimitToo() {
  for link in [" + x", ".f", "(x)", "[0]", " >> x"] {
    let text = "x" + String(repeating: link, count: 20_000)
    let tree = Parser.parse(Source(name: "t", text))
    #expect(
      tree.diagnostics.map(\.message)
        == ["nested too deeply: more than 1000 operations in one expression"])
  }
  #expect(
    Parser.parse(Source(name: "t", "x" + String(repeating: " + x", count: 900))).diagnostics.isEmpty
  )
}

/// What to write for names that PyTorch, NumPy or Python have and this language has not.
enum ForeignNames {
  /// Ours for names of arguments in PyTorch and NumPy, which are understood where a builtin has no such name itself.
  static let arguments: [String: [String]] = [
    "input": ["x"], "other": ["y"], "size": ["shape"], "fill_value": ["value"],
    "axis": ["dim", "dims"], "axes": ["dims"], "keepdims": ["keepdim"], "w": ["weight"],
    "b": ["bias"], "in_features": ["in"], "out_features": ["out"], "in_channels": ["in"],
    "out_channels": ["out"], "kernel_size": ["kernel"], "num_features": ["n"],
    "num_embeddings": ["n"], "embedding_dim": ["d"], "batch_size": ["size"],
  ]

  static func hint(for name: String) -> String? { hints[name] }

  private static let hints: [String: String] = {
    let value = "tensors are values: after `y = x`, changing y leaves x alone"
    let product = "write `a @ b`, which takes batches too"
    let text = "texts take values in braces: \"{x:.3f}\""
    let type = "`type(x)` says what x is"
    let step = "`deepgen-repl LESSON --step` goes through a lesson cell by cell and knows this word"
    return [
      "clone": value, "copy": value, "deepcopy": value, "contiguous": value,
      "numpy": "`x.tolist()` makes a list, `x.item()` a number",
      "clip": "write `clamp(x, min, max)`", "concat": "write `cat`",
      "concatenate": "write `cat`", "hstack": "write `cat(xs, dim=1)`",
      "vstack": "write `cat(xs, dim=0)`",
      "swapaxes": "write `transpose`", "broadcast_to": "write `x.expand(shape)`",
      "equal": "write `all(a == b)`", "absolute": "write `abs`",
      "multiply": "write `a * b`",
      "multinomial": "write `categorical(p).sample(n)`", "backward": "write `grad(loss, w)`",
      "no_grad": "nothing is recorded unless params are; `detach(x)` cuts",
      "zero_grad": "`step opt, loss` does all of it", "Linear": "write `dense(in, out)`",
      "Conv2d": "write `conv(in, out, kernel)`", "Sequential": "join layers with `>>`",
      "ReLU": "write `relu`", "Adam": "write `adam(params(model), lr=1e-3)`",
      "SGD": "write `sgd(params(model), lr=1e-2)`",
      "torch": "its functions have no prefix here: `sum(x)`",
      "np": "its functions have no prefix here: `sum(x)`",
      "nn": "layers have no prefix here: `dense(784, 400)`",
      "F": "its functions have no prefix here: `softplus(x)`",
      "plt": "write `plot x, y`", "format": text, "isinstance": type,
      "hint": step, "solution": step, "skip": step, "back": step, "again": step,
      "lambda": "write `x -> x^2`", "dict": "a record holds fields: `{a: 1, b: 2}`",
      "null": "write `none`", "nil": "write `none`",
      "session": "sessions cannot be saved yet; `save {w: w, x: x}, \"x.npz\"` keeps tensors",
      "parameters": "write `params(model)`", "math": "its functions have no prefix here: `sqrt(x)`",
      "push": "write `append`", "fill_": value, "add_": value, "mul_": value, "zero_": value,
      "cuda": "there are no devices to move to", "cpu": "there are no devices to move to",
      "kl_divergence": "write `kl(q, p)`", "pdf": "write `q.prob(x)`",
      "pmf": "write `q.prob(x)`", "logpdf": "write `q.log_prob(x)`",
      "N": "write `normal(0, 1)`, with the standard deviation",
      "gaussian": "write `normal(0, 1)`, with the standard deviation",
      "Gaussian": "write `normal(0, 1)`, with the standard deviation",
      "sample": "write `q.sample(n)`", "rsample": "write `q.rsample(n)`",
      "cdf": "write `q.cdf(x)`", "icdf": "write `q.icdf(p)`", "entropy": "write `q.entropy()`",
      "log_prob": "write `q.log_prob(x)`", "prob": "write `q.prob(x)`",
      "integral": "write `integrate(x -> x^2, 0, 1)`", "quad": "write `integrate(x -> x^2, 0, 1)`",
      "expectation": "write `E(z ~ normal(0, 1), z^2)`",
      "expect": "write `E(z ~ normal(0, 1), z^2)`",
      "time": "`clock()` gives seconds", "exit": "at the prompt `quit` or Ctrl-D ends the session",
      "quit": "at the prompt `quit` or Ctrl-D ends the session",
      "requires_grad": "`w = param(w)` is tracked", "requires_grad_": "`w = param(w)` is tracked",
    ]
  }()
}

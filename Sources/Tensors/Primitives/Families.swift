/// Every family of operations; a test compares the list with the folder.
let families: [any OperationFamily] = [
  Pointwise(), Arithmetic(), Comparison(), Reductions(), Ordering(), OrderStatistics(), Shaping(),
  Padding(), Arranging(), Indexing(), Scattering(), Products(), Einsum(), LinearAlgebra(),
  Convolutions(),
  Pooling(), Resampling(), Normalisations(), Losses(), Creation(), SpecialFunctions(),
]

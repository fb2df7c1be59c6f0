/// Every family of operations; a test compares the list with the folder.
let families: [any OperationFamily] = [
  Pointwise(), Activations(), Arithmetic(), Comparison(), Reductions(), Ordering(),
  OrderStatistics(), Shaping(),
  Padding(), Arranging(), Indexing(), Scattering(), Products(), Einsum(), LinearAlgebra(),
  Distances(), Convolutions(), Unfolding(), Pooling(), Resampling(), Normalisations(), Losses(),
  RegressionLosses(), Creation(), SpecialFunctions(),
]

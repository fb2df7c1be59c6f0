/// Every family of operations; a test compares the list with the folder.
let families: [any OperationFamily] = [
  Pointwise(), Activations(), Arithmetic(), Comparison(), Reductions(), Scans(), Ordering(),
  OrderStatistics(), Shaping(),
  Padding(), Arranging(), Indexing(), Scattering(), Products(), Einsum(), LinearAlgebra(),
  Spectra(), Distances(), Convolutions(), Unfolding(), Pooling(),
  AdaptivePooling(), Resampling(), Normalisations(), Losses(),
  RegressionLosses(), Creation(), SpecialFunctions(),
]
